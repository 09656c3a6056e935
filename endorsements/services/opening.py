"""What an opening does, whoever decided it. A step: it runs inside a verb's transaction, after its rules agreed."""

import datetime as dt

from documents.enums import DocumentState
from documents.files import FileChanged
from documents.rules import NotAllowed as DocumentNotAllowed
from documents.services import move_document, release_version
from endorsements import register
from endorsements.chain import digest, in_utc
from endorsements.enums import Act, State
from endorsements.models import TERMS, Circulation, Eligible
from endorsements.positions import SUBJECT
from endorsements.rules import NotAllowed
from endorsements.services.reminding import next_look
from endorsements.services.steps import everyone_told, record_round, tell
from members.directory import participants_of, today
from members.models import User
from notifications.enums import Kind
from notifications.services import settle


def open_circulation(circulation: Circulation, actor: User, now: dt.datetime) -> None:
    """Open an approved circulation at `now`, the database's clock read under its lock.

    Effects in order: terms and window fixed, eligible participants snapshot, version released, document circulated,
    entry "opened", one notice an address, entry for the round of notices. Raises NotAllowed: a body without members, a
    file that was changed.
    """
    circulation.state = State.OPEN.value
    circulation.opened_at = now
    circulation.remind_at = next_look(circulation, now)
    circulation.save()
    _take_snapshot(circulation)
    _release(circulation, actor, now)
    settle(SUBJECT, circulation.ref)
    _tell_all(circulation, actor)


def _take_snapshot(circulation: Circulation) -> None:
    members = participants_of(circulation.body, today())
    rows = [
        Eligible(circulation=circulation, participant=one, counts=one.is_state or circulation.counts_organisations)
        for one in members
    ]
    if not any(row.counts for row in rows):
        raise NotAllowed(f"{circulation.body} has no participants today: nobody could reply.")
    Eligible.objects.bulk_create(rows)


def _release(circulation: Circulation, actor: User, now: dt.datetime) -> None:
    """The version and its document move with the opening, or nothing opens."""
    try:
        release_version(circulation.version, at=now)
        move_document(circulation.version.document, DocumentState.CIRCULATED, actor=actor, reason=circulation.ref)
    except DocumentNotAllowed as refusal:
        raise NotAllowed(str(refusal)) from refusal
    except FileChanged as changed:
        raise NotAllowed(changed.message) from changed


def _tell_all(circulation: Circulation, actor: User) -> None:
    """Entry, notices, entry of the round; the register's lock is the last one taken."""
    at = circulation.opened_at
    if at is None or circulation.approved_for is None:
        raise ValueError("the circulation was not approved")
    snapshot = circulation.eligible.select_related("participant").order_by("participant__code")
    facts = {
        "expires_at": in_utc(circulation.expires_at),
        "terms": {name: str(getattr(circulation, name)) for name in TERMS if name != "sentence"},
        "sentence_sha256": digest(circulation.sentence),
        "eligible": [row.participant.code for row in snapshot if row.counts],
        "informed": [row.participant.code for row in snapshot if not row.counts],
        "approved_for": circulation.approved_for.code,
        "evidence_sha256": digest(circulation.approval_evidence),
    }
    told = everyone_told(circulation)
    entry = register.append(Act.OPENED, circulation, at=at, actor=actor, facts=facts)
    context = {"paragraph": circulation.paragraph, "register_head": entry.head}
    notices = tell(Kind.CIRCULATION_OPENED, circulation, told, context)
    record_round(circulation, notices, Kind.CIRCULATION_OPENED, at=at)
