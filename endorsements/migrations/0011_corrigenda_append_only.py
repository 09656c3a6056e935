"""A corrigendum and a request for a new clock stay as recorded."""

from django.db import migrations

from audit.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [("endorsements", "0010_corrigenda"), ("audit", "0002_append_only")]
    operations = [append_only("endorsements_corrigendum", "endorsements_clockrequest")]
