"""What the verbs share. Every function here runs inside a verb's transaction."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from decisions.models import Outcome
from decisions.services import next_number, record_outcome
from documents.enums import Audience, DocumentState
from documents.services import move_document
from endorsements import letters, positions, register, words
from endorsements.chain import digest
from endorsements.enums import ENDED, SUCCESSFUL, Act, Mode, State
from endorsements.models import Circulation, RegisterEntry
from endorsements.rules import NotAllowed
from members import rules as people_rules
from members.access import forum
from members.directory import addressees_of, co_chair_addressees
from members.models import User
from members.services.holding import require_staff
from notifications import services as notifications
from notifications.enums import Kind
from notifications.models import Notice
from notifications.services import Addressee, notify

UNDER_WAY = frozenset({State.DRAFT, State.OPEN})
"""While a notice that asks for an answer has the deadline of the circulation itself."""
NUMBER_LOCK = 0x4E554D42


def lock_circulation(ref: str) -> Circulation:
    """The circulation's row, locked to the end of the transaction. The clock is read after this, never with it."""
    Circulation.objects.select_for_update().only("pk").get(ref=ref)
    return Circulation.objects.select_related("version__document", "body", "procedure").get(ref=ref)


def hold_staff(actor: User, sentence: str) -> None:
    """The actor's post in the secretariat, held to the end of the transaction; `sentence` when it has ended."""
    try:
        require_staff(actor)
    except people_rules.NotAllowed as refusal:
        raise NotAllowed(f"Your post in the secretariat has ended. {sentence}") from refusal


def tell(
    kind: Kind, circulation: Circulation, to: Iterable[Addressee], context: dict[str, Any], *, event: str = ""
) -> list[Notice]:
    """Queue one round of notices about a circulation, each with the link to its page."""
    return notify(
        kind,
        event=event or f"{kind.value}:{circulation.pk}",
        to=to,
        context={**letters.facts(circulation, forum()), **context},
        subject_kind=positions.SUBJECT,
        subject_ref=circulation.ref,
        path=circulation.get_absolute_url(),
        answer_by=circulation.expires_at if circulation.state in UNDER_WAY else None,
        is_sample=circulation.is_sample,
    )


def record_round(
    circulation: Circulation, notices: list[Notice], kind: Kind, *, at: dt.datetime, actor: User | None = None
) -> RegisterEntry:
    """A round of notices is one entry: how many, and the SHA-256 of their Message-IDs, sorted, a line each. `actor`:
    who asked for a round that no other deed brings."""
    listed = "".join(f"{notice.message_id}\n" for notice in sorted(notices, key=lambda one: one.message_id))
    digest = hashlib.sha256(listed.encode()).hexdigest()
    facts = {"kind": kind.value, "count": len(notices), "list_sha256": digest}
    return register.append(Act.NOTICES, circulation, at=at, actor=actor, facts=facts)


def everyone_told(circulation: Circulation) -> list[Addressee]:
    """Addressees of a circulation: the people and mailboxes of every participant in the snapshot. Those of a
    participant that reads and does not reply are told for information."""
    rows = circulation.eligible.values_list("participant_id", "participant__code", "counts")
    replying = {code for _, code, counts in rows if counts}
    told = addressees_of([pk for pk, _, _ in rows])
    return [one if one.participant_code in replying else replace(one, may_reply=False) for one in told]


def settle(
    circulation: Circulation, state: State, *, at: dt.datetime, actor: User | None = None, reason: str = ""
) -> None:
    """Bring a circulation to an ending or to waiting: row, tally, document's life, outcome, entry, notices.

    `actor` and `reason` (why it was withdrawn, or the co-chair's note) where a person ended it. Effects in order; the
    register comes last because its lock is the last of all.
    """
    notifications.settle(positions.SUBJECT, circulation.ref)
    circulation.state = state.value
    circulation.ended_at = at
    circulation.ending_reason = reason
    circulation.remind_at = None
    circulation.tally = {share.value: n for share, n in positions.tally(positions.seats(circulation)).items()}
    if state in SUCCESSFUL:
        document = circulation.version.document
        move_document(document, DocumentState.ENDORSED, actor=None, reason=circulation.ref)
        circulation.outcome = _outcome(circulation, state, at)
    circulation.save(update_fields=["state", "ended_at", "ending_reason", "remind_at", "tally", "outcome"])
    act = Act.WAITING if state == State.WAITING else Act.ENDED
    number = circulation.outcome.number if circulation.outcome else ""
    facts: dict[str, Any] = {"state": state.value, "tally": circulation.tally, "number": number}
    if reason:
        facts["reason_sha256"] = digest(reason)
    entry = register.append(act, circulation, at=at, actor=actor, facts=facts)
    context = {
        "ending_words": words.STATES[state][1],
        "ending_sentence": words.next_sentence(circulation, at),
        "reason": reason,
        "outcome_number": number,
        # No count reaches a participant before the end, and waiting is none.
        "tally": words.tally_rows(circulation) if state in ENDED else [],
        "register_head": entry.head,
    }
    # Waiting and the ending that follows it are two events: everyone is told of both.
    event = f"{Kind.CIRCULATION_ENDED.value}:{circulation.pk}:{state.value}"
    notices = tell(Kind.CIRCULATION_ENDED, circulation, everyone_told(circulation), context, event=event)
    record_round(circulation, notices, Kind.CIRCULATION_ENDED, at=at)
    if state == State.WAITING:
        _ask_co_chairs(circulation)


def _ask_co_chairs(circulation: Circulation) -> None:
    """The co-chairs of the body, or of the forum, are asked to decide; until when is for them to say."""
    unreached = circulation.eligible.filter(reached=False).count()
    chairs = co_chair_addressees(circulation.body)
    tell(Kind.CIRCULATION_DECISION, circulation, chairs, {"unreached": unreached})


def _outcome(circulation: Circulation, state: State, at: dt.datetime) -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK])
    home = forum()
    day = at.astimezone(ZoneInfo(home.time_zone)).date()
    series = "SAMPLE" if circulation.is_sample else home.number_series
    document = circulation.version.document
    heading = words.STATES[state][1]
    return record_outcome(
        ref=f"c-{circulation.ref}",
        actor=f"Members of the {circulation.body.name}",
        verb=heading.lower(),
        heading=heading,
        text=f"{document.title}, version {circulation.version.number}.",
        source_kind="circulation",
        source_title=f"{words.MODES[Mode(circulation.mode)][0]}, {document.symbol}",
        source_on=day,
        source_path=circulation.get_absolute_url(),
        body=circulation.body,
        document=document,
        number=next_number(series, day.year),
        is_public=document.audience == Audience.PUBLIC,
        is_sample=circulation.is_sample,
    )
