"""What the verbs share. Every function here runs inside a verb's transaction."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from endorsements import letters, positions, register, words
from endorsements.chain import digest
from endorsements.enums import ENDED, SUCCESSFUL, Act, State
from endorsements.models import Circulation, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services.numbers import number_and_document
from members import rules as people_rules
from members.access import forum
from members.directory import addressees_of, co_chair_addressees
from members.models import Appointment, User
from members.services.holding import hold_chair, require_staff
from notifications import services as notifications
from notifications.enums import Kind
from notifications.evidence import list_sha256
from notifications.models import Notice
from notifications.services import Addressee, notify

UNDER_WAY = frozenset({State.DRAFT, State.OPEN})
"""While a notice that asks for an answer has the deadline of the circulation itself."""
SETTLED = ("state", "ended_at", "ending_reason", "remind_at", "tally", "waits_for")


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


def hold_co_chair(actor: User, circulation: Circulation, sentence: str) -> Appointment:
    """The appointment by which the actor co-chairs the body, or the forum, held to the end of the transaction;
    `sentence` when there is none."""
    chair = hold_chair(actor, circulation.body)
    if chair is None:
        raise NotAllowed(f"You are not a co-chair of this body any more. {sentence}")
    return chair


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
    listed = list_sha256(notice.message_id for notice in notices)
    facts = {"kind": kind.value, "count": len(notices), "list_sha256": listed}
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
    if state != State.WAITING:
        circulation.waits_for = []
    number_and_document(circulation, state, at)
    circulation.save(update_fields=[*SETTLED, "outcome"])
    act = Act.WAITING if state == State.WAITING else Act.ENDED
    number = circulation.outcome.number if circulation.outcome else ""
    facts: dict[str, Any] = {"state": state.value, "tally": circulation.tally, "number": number}
    if reason:
        facts["reason_sha256"] = digest(reason)
    if circulation.waits_for:
        facts["waits_for"] = circulation.waits_for
    entry = register.append(act, circulation, at=at, actor=actor, facts=facts)
    context = {
        "ending_words": words.STATES[state][1],
        "ending_sentence": words.next_sentence(circulation, at),
        "reason": reason,
        "outcome_number": number if state in SUCCESSFUL else "",
        # No count reaches a participant before the end, and waiting is none.
        "tally": words.tally_rows(circulation) if state in ENDED else [],
        "register_head": entry.head,
    }
    # Waiting and the ending that follows it are two events, and it may wait again: everyone is told of each.
    event = f"{Kind.CIRCULATION_ENDED.value}:{circulation.pk}:{state.value}:{entry.pk}"
    notices = tell(Kind.CIRCULATION_ENDED, circulation, everyone_told(circulation), context, event=event)
    record_round(circulation, notices, Kind.CIRCULATION_ENDED, at=at)
    if state == State.WAITING:
        ask_co_chairs(circulation, event)


def ask_co_chairs(circulation: Circulation, event: str) -> None:
    """The co-chairs of the body, or of the forum, are asked to decide; until when is for them to say."""
    unreached = len(positions.silent_and_unreached(circulation))
    context = {"unreached": unreached, "why": words.why_it_waits(circulation)}
    chairs = co_chair_addressees(circulation.body)
    tell(Kind.CIRCULATION_DECISION, circulation, chairs, context, event=f"{Kind.CIRCULATION_DECISION.value}:{event}")
