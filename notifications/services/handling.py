"""Steps on what did not arrive. Each runs inside the transaction of a deed, which has asked whether the person may.

A task is a returned notice that nobody has seen to (`handled_at` is empty). One that is tried again stays unhandled: it
leaves the list because it waits to be sent, and stands there again if it comes back again.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from audit.services import record_audit
from notifications.enums import RETURNED, Cadence, Handling, Kind, NoticeState
from notifications.models import Notice, new_message_id

DEEDS = {handling: f"notice.{handling.value}" for handling in Handling}
"""The action in the audit log."""
ASKS_REPLY = frozenset({Kind.CIRCULATION_OPENED.value, Kind.CIRCULATION_REMINDER.value})
CARRIED_OVER = (
    "event", "kind", "channel", "user_id", "participant_code", "subject_kind", "subject_ref", "subject", "body", "path",
    "is_sample", "needs_answer", "answer_by", "settled_at",
)  # fmt: skip
"""What a message takes with it to another address."""


def tasks() -> QuerySet[Notice]:
    """Returned notices that nobody has seen to."""
    return Notice.objects.filter(state__in=[state.value for state in sorted(RETURNED)], handled_at__isnull=True)


def lock_tasks(rows: QuerySet[Notice]) -> list[Notice]:
    """Those of the rows that are tasks at this moment, locked in the order of their keys."""
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def try_again(notice: Notice, *, reason: str, actor: AbstractBaseUser) -> None:
    """Queue a returned notice anew: the same row, the same Message-ID, its tries count from the start. One audit row,
    which keeps what it had come back with. `notice` is locked."""
    detail = {"reason": reason, "answer": notice.answer, "tries": notice.attempts}
    changed = {
        "state": NoticeState.QUEUED.value,
        "due_at": Now(),
        "attempts": 0,
        "answer": "",
        "accepted_at": None,
        "delivered_at": None,
        "bounced_at": None,
        "handling": Handling.TRIED_AGAIN.value,
        "handling_reason": reason,
        "handled_by_id": actor.pk,
    }
    Notice.objects.filter(pk=notice.pk).update(**changed)
    _record(notice, Handling.TRIED_AGAIN, actor, detail)
    _wake()


def send_to(notice: Notice, address: str, *, actor: AbstractBaseUser) -> Notice | None:
    """Send a returned notice to another address, as a row of its own under its own Message-ID; None when that address
    was told of the event before, or the text carries a link that is for one address alone. The old row is closed and
    asks for no answer any more: in the inbox of its person the new one stands in its place. One audit row."""
    made = None
    if not notice.is_secret:
        row = Notice(
            **{name: getattr(notice, name) for name in CARRIED_OVER},
            address=address,
            domain=address.rpartition("@")[2],
            message_id=new_message_id(),
            cadence=Cadence.AT_ONCE.value,
        )
        Notice.objects.bulk_create([row], ignore_conflicts=True)
        made = Notice.objects.filter(message_id=row.message_id).first()
    close(notice, Handling.ADDRESS_CHANGED, reason="", actor=actor, detail={"sent_as": made.pk if made else None})
    Notice.objects.filter(pk=notice.pk, settled_at__isnull=True, needs_answer=True).update(settled_at=Now())
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=Now())
    if made:
        _wake()
    return made


def close(
    notice: Notice, handling: Handling, *, reason: str, actor: AbstractBaseUser, detail: dict[str, object] | None = None
) -> None:
    """Mark a returned notice as seen to. One audit row. `notice` is locked."""
    _close_rows([notice.pk], handling, reason, actor)
    _record(notice, handling, actor, {**({"reason": reason} if reason else {}), **(detail or {})})


def belongs_to_register(notice: Notice) -> bool:
    """Is telling a participant about this message a deed of a circulation, which has its own page and its register?
    So it is of what asks for a reply, until the ending is told; from then on it is a word about a mail."""
    about = {"subject_kind": notice.subject_kind, "subject_ref": notice.subject_ref}
    is_asked = notice.kind in ASKS_REPLY and notice.subject_kind == "circulation" and bool(notice.participant_code)
    return is_asked and not Notice.objects.filter(**about, kind=Kind.CIRCULATION_ENDED.value).exists()


def close_told_otherwise(
    subject_kind: str, subject_ref: str, participant_code: str, *, reason: str, actor: AbstractBaseUser
) -> int:
    """Close what did not arrive at a participant about a thing: it was told by another way. Returns how many. No audit
    row: the deed that records what was told writes its own, in the audit log or in the register of circulations."""
    about = {"subject_kind": subject_kind, "subject_ref": subject_ref, "participant_code": participant_code}
    found = [notice.pk for notice in lock_tasks(tasks().filter(**about))]
    return _close_rows(found, Handling.TOLD_OTHERWISE, reason, actor)


def _close_rows(keys: list[int], handling: Handling, reason: str, actor: AbstractBaseUser) -> int:
    closed = {"handling": handling.value, "handling_reason": reason, "handled_at": Now(), "handled_by_id": actor.pk}
    return Notice.objects.filter(pk__in=keys).update(**closed)


def _record(notice: Notice, handling: Handling, actor: AbstractBaseUser, detail: dict[str, object]) -> None:
    record_audit(DEEDS[handling], actor=actor, kind="notice", ref=str(notice.pk), label=notice.kind_name, detail=detail)


def _wake() -> None:
    from notifications.tasks import wake_drainer  # here: tasks import what sends the rows

    transaction.on_commit(wake_drainer, robust=True)
