"""The history of reference data stays as written: no UPDATE, DELETE or TRUNCATE for the application, a trigger for all.

The index answers which rows ever belonged to a participant or body, also after they are gone.
"""

from django.conf import settings
from django.db import migrations

TABLE = "auditlog_logentry"


def make_append_only(apps, schema_editor) -> None:
    role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM {role}")
    schema_editor.execute(f"CREATE INDEX {TABLE}_changes ON {TABLE} USING gin (changes jsonb_path_ops)")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only"), ("auditlog", "0017_add_actor_email")]
    operations = [migrations.RunPython(make_append_only)]
