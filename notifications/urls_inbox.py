"""Addresses of a person's own notices."""

from django.urls import path

from notifications import views_inbox as views

app_name = "inbox"
urlpatterns = [
    path("inbox/", views.inbox_list, name="list"),
    path("inbox/read/", views.inbox_read_all, name="read-all"),
    path("inbox/<int:pk>/", views.inbox_item, name="item"),
    path("inbox/<int:pk>/open/", views.inbox_open, name="open"),
    path("accounts/notices/", views.preferences_change, name="preferences"),
    path("unsubscribe/<str:token>/", views.digest_stop, name="digest-stop"),
]
