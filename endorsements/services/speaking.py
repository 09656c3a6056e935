"""What every way of recording a position shares. Steps, inside a verb's transaction."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from endorsements import endings, positions, register
from endorsements.chain import digest, in_utc
from endorsements.enums import Act, Means, PositionKind, State, Timing
from endorsements.models import Circulation, Eligible, Position
from endorsements.rules import NotAllowed, SaidMeanwhile
from endorsements.services.steps import settle
from endorsements.words import REPLIES
from members.access import forum
from members.models import Appointment, Participant, User
from notifications import services as notifications


@dataclass(frozen=True)
class Reply:
    """What is said: the kind, the words that go with it, and for more time the day asked for."""

    kind: PositionKind
    text: str = ""
    no_reason_given: bool = False
    until_on: dt.date | None = None


@dataclass(frozen=True)
class Source:
    """How a position came that the secretariat records: by which means, when by the evidence, and what that is."""

    means: Means
    received_at: dt.datetime
    evidence: str


@dataclass(frozen=True)
class Hand:
    """Who types, by which appointment, for whom."""

    actor: User
    appointment: Appointment
    participant: Participant


def has_seat(circulation: Circulation, participant: Participant) -> None:
    """Raise NotAllowed for whom the snapshot does not count."""
    if not Eligible.objects.filter(circulation=circulation, participant=participant, counts=True).exists():
        raise NotAllowed(f"{participant} reads this draft but does not reply to it.")


def nobody_else_since(circulation: Circulation, participant: Participant, seen: int | None) -> None:
    """Raise SaidMeanwhile when another reply of the participant was recorded since the page with the form was shown.

    `seen`: the key of the newest one shown there, 0 for none, None when nobody looked. So two people of one participant
    do not overwrite each other without knowing: the second is told who sent what, and when.
    """
    if seen is None:
        return
    rows = Position.objects.filter(circulation=circulation, on_behalf_of=participant).select_related("actor")
    last = rows.order_by("-pk").first()
    if last is None or last.pk <= seen:
        return
    said, home = REPLIES[PositionKind(last.kind)][1], forum()
    at = last.recorded_at.astimezone(ZoneInfo(home.time_zone))
    place = f" in {home.secretariat_place}" if home.secretariat_place else ""
    raise SaidMeanwhile(
        f"{last.actor} recorded a reply of {participant} at {at:%H:%M:%S}{place}: {said}. Yours was not sent. "
        "Send it again only if it should count instead.",
        last.pk,
    )


def write(
    circulation: Circulation, reply: Reply, hand: Hand, timing: Timing, at: dt.datetime, source: Source | None = None
) -> Position:
    """The row and its entry in the register. What was open for an answer of the participant is settled."""
    facts: dict[str, object] = {
        "kind": reply.kind.value,
        "text_sha256": digest(reply.text) if reply.text else "",
        "no_reason_given": reply.no_reason_given,
        "until": reply.until_on.isoformat() if reply.until_on else "",
        "expires_at": in_utc(circulation.expires_at),
        "timing": timing.value,
    }
    if source:
        facts |= {
            "means": source.means.value,
            "received_at": in_utc(source.received_at),
            "evidence_sha256": digest(source.evidence),
        }
    entry = register.append(
        Act.POSITION,
        circulation,
        at=at,
        actor=hand.actor,
        appointment=hand.appointment,
        participant_code=hand.participant.code,
        facts=facts,
    )
    made = Position.objects.create(
        circulation=circulation,
        on_behalf_of=hand.participant,
        actor=hand.actor,
        appointment=hand.appointment,
        kind=reply.kind.value,
        text=reply.text,
        no_reason_given=reply.no_reason_given,
        until_on=reply.until_on,
        means=source.means.value if source else "",
        received_at=source.received_at if source else None,
        evidence=source.evidence if source else "",
        timing=timing.value,
        recorded_at=at,
        register_entry=entry,
    )
    if timing is Timing.IN_TIME:
        notifications.settle(positions.SUBJECT, circulation.ref, participant_code=hand.participant.code)
    return made


def state_after(circulation: Circulation) -> State:
    """Where the positions that count now lead a circulation in its window: it may be stopped at once, or close
    early."""
    kinds = positions.kinds(positions.standing(circulation))
    after = endings.after_position(kinds, circulation.terms, eligible=positions.counting(circulation))
    return after if after != State.OPEN else State(circulation.state)


def end_if_over(circulation: Circulation, after: State, at: dt.datetime) -> None:
    if after != State(circulation.state):
        settle(circulation, after, at=at)
