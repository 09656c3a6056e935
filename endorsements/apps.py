"""Circulations, positions and the chained register."""

from django.apps import AppConfig


class EndorsementsConfig(AppConfig):
    name = "endorsements"
    verbose_name = "Circulations"
