"""What the verbs of meetings share. Every function here runs inside a verb's transaction."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from audit.services import record_audit
from meetings import letters
from meetings.enums import SUBJECT, Capacity
from meetings.models import Meeting, MeetingInvitation
from members.access import forum
from members.directory import addressees_of
from members.enums import Role
from members.models import User
from notifications.enums import Kind
from notifications.evidence import list_sha256
from notifications.models import Notice
from notifications.services import Addressee, notify

TOLD = "meeting.told"
"""Audit action of a round of notices: how many, and the SHA-256 of their Message-IDs."""


def lock_meeting(slug: str) -> Meeting:
    """The meeting's row, locked to the end of the transaction. The clock is read after this, never with it."""
    Meeting.objects.select_for_update(no_key=True).only("pk").get(slug=slug)
    return Meeting.objects.select_related("series__body").get(slug=slug)


def invitation_of(meeting: Meeting) -> MeetingInvitation | None:
    """Read under the meeting's lock, which stands for it."""
    return MeetingInvitation.objects.filter(meeting=meeting).first()


def tell(
    kind: Kind,
    meeting: Meeting,
    to: Iterable[Addressee],
    context: dict[str, Any],
    *,
    event: str,
    path: str,
    answer_by: dt.datetime | None = None,
) -> list[Notice]:
    """Queue one round of notices about a meeting."""
    return notify(
        kind,
        event=event,
        to=to,
        context={**letters.facts(meeting, forum()), **context},
        subject_kind=SUBJECT,
        subject_ref=meeting.slug,
        path=path,
        answer_by=answer_by,
        is_sample=meeting.is_sample,
    )


def record_round(
    meeting: Meeting, notices: list[Notice], kind: Kind, *, at: dt.datetime, actor: User | None = None
) -> None:
    """A round of notices is one audit row, against which the page of evidence holds the outbox. `at`: the clock read
    under the lock, before the notices were written."""
    detail = {
        "kind": kind.value,
        "count": len(notices),
        "list_sha256": list_sha256(one.message_id for one in notices),
        "at": at.isoformat(),
    }
    record_audit(TOLD, actor=actor, kind=SUBJECT, ref=meeting.slug, label=meeting.title, detail=detail)


def everyone_invited(meeting: Meeting) -> list[Addressee]:
    """The people, observer delegates too, and the official addresses of every participant that was invited."""
    invited = list(meeting.delegations.values_list("participant_id", "capacity"))
    return addressees_of([pk for pk, _ in invited], also=(Role.OBSERVER_DELEGATE,), observers=observers_among(invited))


def observers_among(invited: Iterable[tuple[int, str]]) -> set[int]:
    """Participants invited as observers, of pairs of key and capacity."""
    return {pk for pk, capacity in invited if capacity == Capacity.OBSERVER}
