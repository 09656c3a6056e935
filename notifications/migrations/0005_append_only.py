"""What was told otherwise stays as written; rows of before get the domain of their address."""

from django.db import migrations

from audit.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_states_reports_and_inbox"), ("audit", "0002_append_only")]
    operations = [
        append_only("notifications_toldotherwise"),
        migrations.RunSQL(
            "UPDATE notifications_notice SET domain = lower(split_part(address, '@', 2)) WHERE domain = ''",
            migrations.RunSQL.noop,
        ),
    ]
