"""Telling people: every notice is a row before it is a message."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices"
