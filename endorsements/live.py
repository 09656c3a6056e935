"""What the board stands at: so that a page that asks every few seconds costs next to nothing while nothing changes."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Now

from audit.models import AccessEntry
from endorsements.chain import digest
from endorsements.models import Circulation, RegisterEntry
from endorsements.positions import SUBJECT
from notifications.reach import Mail, mail_in_short


@dataclass(frozen=True)
class Standing:
    """`seq`: the newest entry of the register about the circulation. `rest`: a fingerprint of all else that shows."""

    seq: int
    rest: str

    def __str__(self) -> str:
        return f"{self.seq}-{self.rest}"


def standing(*, seq: int, state: str, expires_at: dt.datetime, is_over: bool, openers: int, mail: Mail) -> Standing:
    """From what a page shows. It changes with each entry of the register, at the deadline, when a notice is sent or
    comes back, and when a participant opens the draft for the first time. A post that ends meanwhile, or
    the last third of the time that begins, shows with the next of these, or when the page is loaded again."""
    moved = mail.last_at.isoformat() if mail.last_at else ""
    parts = (state, expires_at.isoformat(), is_over, openers, mail.all, mail.sent, mail.waiting, mail.returned, moved)
    return Standing(seq, digest(repr(parts))[:16])


def standing_of(circulation: Circulation) -> Standing:
    """What the board stands at now. Two queries, whatever the number of participants."""
    newest = RegisterEntry.objects.filter(circulation=OuterRef("pk")).order_by("-seq").values("seq")[:1]
    opened = AccessEntry.objects.filter(subject_kind=SUBJECT, subject_ref=OuterRef("ref")).exclude(on_behalf_of="")
    openers = opened.order_by().values("subject_ref").annotate(n=Count("on_behalf_of", distinct=True)).values("n")
    row = (
        Circulation.objects.filter(pk=circulation.pk)
        .annotate(
            newest=Subquery(newest),
            openers=Subquery(openers),
            is_over=ExpressionWrapper(Q(expires_at__lte=Now()), output_field=BooleanField()),
        )
        .values("newest", "openers", "is_over", "state", "expires_at")
        .get()
    )
    return standing(
        seq=row["newest"] or 0,
        state=row["state"],
        expires_at=row["expires_at"],
        is_over=row["is_over"],
        openers=row["openers"] or 0,
        mail=mail_in_short(SUBJECT, circulation.ref),
    )
