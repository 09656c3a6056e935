"""Wiring: settings, addresses, home pages, the forum's data, the embedded servers."""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections
from django.db.models.signals import pre_migrate


def grant_defaults(using: str, **_: Any) -> None:
    """Give each table that the owner makes from now on its grants for the application role.

    Runs before migrations on the owner's connection. Append-only tables take UPDATE and DELETE back in the migration
    that makes them (PostgreSQL: ALTER DEFAULT PRIVILEGES touches only objects made later).
    """
    if using != "owner":
        return
    role = connections[using].ops.quote_name(settings.DATABASE_APP_ROLE)
    with connections[using].cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
        )
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}")


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        # Django sends the signal once for each app that has models; one of them is enough.
        pre_migrate.connect(grant_defaults, sender=apps.get_app_config("audit"))
