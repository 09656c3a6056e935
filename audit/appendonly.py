"""Tables that are only added to, as one operation of a migration."""

from typing import Any

from django.conf import settings
from django.db import migrations


def append_only(*tables: str) -> migrations.RunPython:
    """The application role loses UPDATE, DELETE and TRUNCATE on the tables, and a trigger refuses them to all others.

    After audit 0002, which makes the trigger's function; the application role must exist.
    """

    def close(apps: Any, schema_editor: Any) -> None:
        role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
        for table in tables:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")

    return migrations.RunPython(close)
