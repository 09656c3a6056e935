"""The number of new messages, on every page: answered by the index alone."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0011_position_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_unread",
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(
                    ("is_secret", False),
                    ("read_at__isnull", True),
                    ("user__isnull", False),
                    models.Q(("handling", "address_changed"), _negated=True),
                ),
                fields=["user", "participant_code", "kind"],
                include=("id",),
                name="notice_new",
            ),
        ),
    ]
