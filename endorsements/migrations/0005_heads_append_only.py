"""A published head stays as published."""

from django.db import migrations

from audit.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [("endorsements", "0004_published_heads"), ("audit", "0002_append_only")]
    operations = [append_only("endorsements_publishedhead")]
