"""What a participant contests and what a co-chair said of a position stay as written."""

from django.db import migrations

from audit.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [("endorsements", "0012_contests_and_remarks"), ("audit", "0002_append_only")]
    operations = [append_only("endorsements_contest", "endorsements_chairremark")]
