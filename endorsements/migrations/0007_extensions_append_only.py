"""An extension stays as recorded."""

from django.conf import settings
from django.db import migrations

TABLE = "endorsements_extension"


def make_append_only(apps, schema_editor) -> None:
    role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("endorsements", "0006_running_and_waiting"), ("audit", "0002_append_only")]
    operations = [migrations.RunPython(make_append_only)]
