"""What an erased account takes along: name and address, wherever the portal keeps them outside the record."""

import datetime as dt
import secrets

from django.contrib.admin.models import LogEntry
from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Replace

from members.models import Invitation, InvitationBatch, User
from members.secondstep import forget_ways_in
from notifications.services import forget_addressee

NOBODY_NOW = "Former official"


def erase(user: User, now: dt.datetime) -> None:
    """Step: replace what names the person, and take away what opens the account. Deeds stay where they are."""
    instead = f"former-{secrets.token_hex(8)}@deleted.invalid"
    forget_addressee(user.pk, address=user.email, name=user.name, instead=instead, name_instead=NOBODY_NOW)
    own = Invitation.objects.filter(email__iexact=user.email)
    own.filter(accepted_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)
    _forget_in_batches(user.email, instead)
    own.update(email=instead, name=NOBODY_NOW)
    _forget_in_admin_log(user, instead)
    forget_ways_in(user)
    user.email, user.name = instead, NOBODY_NOW
    user.time_zone = user.language = user.theme = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.deleted_at = now
    user.set_unusable_password()
    user.save()


def _forget_in_batches(email: str, instead: str) -> None:
    """The rows of the files by which the person was invited."""
    holding = InvitationBatch.objects.annotate(words=Cast("rows", TextField())).filter(words__icontains=email)
    for batch in holding.select_for_update().order_by("pk"):
        for row in batch.rows:
            if row["typed"].get("email", "").strip().lower() == email:
                row["typed"] |= {"email": instead, "name": NOBODY_NOW}
        batch.save(update_fields=["rows"])


def _forget_in_admin_log(user: User, instead: str) -> None:
    """Django admin writes down what a row was called when it was changed."""
    for words, nobody in ((user.email, instead), (user.name, NOBODY_NOW)):
        if words:
            for field in ("object_repr", "change_message"):
                rows = LogEntry.objects.filter(Q(**{f"{field}__contains": words}))
                rows.update(**{field: Replace(field, Value(words), Value(nobody))})
