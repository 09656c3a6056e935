"""Telling people. `notify` is the one door: its rows are written in the deed's transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Replace

from notifications.enums import WAITING, Channel, Kind, NoticeState
from notifications.letter import write
from notifications.models import KeptMail, Notice, new_message_id


@dataclass(frozen=True)
class Addressee:
    """One address to tell: a person's or an official one. `zone` is the IANA time zone of who reads there.

    `may_reply`: who reads there gives the participant's reply; the others are told for information.
    """

    address: str
    name: str = ""
    user_id: int | None = None
    participant_code: str = ""
    zone: str = ""
    city: str = ""
    may_reply: bool = False


def notify(
    kind: Kind,
    *,
    event: str,
    to: Iterable[Addressee],
    context: Mapping[str, Any],
    subject_kind: str = "",
    subject_ref: str = "",
    path: str = "",
    is_secret: bool = False,
    is_sample: bool = False,
) -> list[Notice]:
    """Queue one e-mail per address about one event. Inside the deed's transaction.

    The text comes from templates/emails/<kind>.txt (first line: the subject), rendered per addressee with `context`,
    `to` (the addressee) and `link`. An (event, address) that was told before is not told again; the answer holds the
    rows that were made. After commit the drainer is woken; a beat sweep sends what a crash left unsent.
    """
    from notifications.tasks import wake_drainer  # here: tasks import what sends the rows

    rows = [_row(kind, event, one, context, path, is_secret=is_secret, is_sample=is_sample) for one in _once_each(to)]
    for row in rows:
        row.subject_kind, row.subject_ref = subject_kind, subject_ref
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    made = list(Notice.objects.filter(message_id__in=[row.message_id for row in rows]).order_by("pk"))
    if made:
        transaction.on_commit(wake_drainer, robust=True)
    return made


def forget_addressee(user_id: int, *, address: str, name: str, instead: str, name_instead: str) -> None:
    """Replace address and name of a person who leaves, in notices and in what the portal's own receiver kept. What was
    sent, when and about what stays; what waits is not sent any more. Inside the deed's transaction."""
    told = Notice.objects.filter(user_id=user_id)
    told.filter(state__in=[state.value for state in WAITING]).update(state=NoticeState.WITHHELD.value)
    kept = KeptMail.objects.filter(recipient__iexact=address)
    for rows, columns in ((told, ("subject", "body", "html")), (kept, ("subject", "body"))):
        for word, other in ((address, instead), (name, name_instead)):
            if word:
                rows.update(**{one: Replace(F(one), Value(word), Value(other)) for one in columns})
    told.update(address=instead)
    kept.update(recipient=instead)


def _once_each(to: Iterable[Addressee]) -> list[Addressee]:
    """One addressee per address; who may reply goes before who is told for information."""
    chosen: dict[str, Addressee] = {}
    for one in to:
        known = chosen.get(one.address.lower())
        if known is None or (one.may_reply and not known.may_reply):
            chosen[one.address.lower()] = one
    return list(chosen.values())


def _row(
    kind: Kind,
    event: str,
    to: Addressee,
    context: Mapping[str, Any],
    path: str,
    *,
    is_secret: bool,
    is_sample: bool,
) -> Notice:
    link = settings.BASE_URL + path if path else ""
    letter = write(kind, {**context, "to": to, "link": link}, is_sample=is_sample)
    return Notice(
        event=event,
        kind=kind.value,
        channel=Channel.EMAIL.value,
        user_id=to.user_id,
        address=to.address.lower(),
        participant_code=to.participant_code,
        subject=letter.subject,
        body=letter.body,
        html=letter.html,
        path=path,
        is_secret=is_secret,
        is_sample=is_sample,
        message_id=new_message_id(),
    )
