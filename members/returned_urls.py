"""Addresses of the deeds on mail that did not arrive. The outbox itself belongs to notifications."""

from django.urls import path

from members.views import returned as views

app_name = "returned"
urlpatterns = [
    path("<int:pk>/again/", views.notice_resend, name="notice-resend"),
    path("<int:pk>/address/", views.notice_readdress, name="notice-readdress"),
    path("<int:pk>/told/", views.notice_tell, name="notice-tell"),
]
