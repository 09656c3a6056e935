"""An extension stays as recorded."""

from django.db import migrations

from audit.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [("endorsements", "0006_running_and_waiting"), ("audit", "0002_append_only")]
    operations = [append_only("endorsements_extension")]
