"""Whoever sends a file of invitations need not have uploaded it; until now it was the same person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def same_person(apps, schema_editor):
    batches = (
        apps.get_model("members", "InvitationBatch")
        .objects.using(schema_editor.connection.alias)
        .exclude(state="checked")
    )
    batches.update(sent_by=models.F("uploaded_by"))


class Migration(migrations.Migration):
    dependencies = [("members", "0005_help_texts"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="invitationbatch",
            name="sent_by",
            field=models.ForeignKey(
                blank=True,
                help_text="In whose name the invitations go",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(same_person, migrations.RunPython.noop),
    ]
