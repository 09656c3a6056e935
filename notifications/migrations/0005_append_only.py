"""What was told otherwise stays as written; rows of before get the domain of their address."""

from django.conf import settings
from django.db import migrations

TABLE = "notifications_toldotherwise"


def make_append_only(apps, schema_editor) -> None:
    role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_states_reports_and_inbox"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunPython(make_append_only),
        migrations.RunSQL(
            "UPDATE notifications_notice SET domain = lower(split_part(address, '@', 2)) WHERE domain = ''",
            migrations.RunSQL.noop,
        ),
    ]
