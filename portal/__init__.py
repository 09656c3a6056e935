"""Wiring: settings, addresses, home pages, the forum's data, the embedded servers."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
