"""Positions and the register stay as written: no UPDATE and no DELETE, for the application role or anyone else."""

from django.conf import settings
from django.db import migrations

TABLES = ["endorsements_position", "endorsements_registerentry"]


def make_append_only(apps, schema_editor) -> None:
    role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("endorsements", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunPython(make_append_only)]
