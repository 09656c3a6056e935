"""Addresses of the outbox."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("not-arrived/", views.not_arrived, name="not-arrived"),
    path("texts/", views.text_list, name="text-list"),
    path("texts/<slug:variant>/", views.text_detail, name="text-detail"),
    path("texts/<slug:variant>/mail/", views.text_mail, name="text-mail"),
    path("<int:pk>/", views.notice_detail, name="notice-detail"),
]
