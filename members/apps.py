"""Participants, standing, bodies, users and their appointments."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Directory"
