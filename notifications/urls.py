"""Addresses of the outbox."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("not-arrived/", views.not_arrived, name="not-arrived"),
    path("<int:pk>/", views.notice_detail, name="notice-detail"),
]
