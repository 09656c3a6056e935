"""What the deeds of delegations share: an answer written down with its people, its letter and what changed by it. Every
function here runs inside a verb's transaction, under the meeting's lock."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db.models import F, QuerySet

from meetings import delegation_rules, rules
from meetings.delegation_rules import Named
from meetings.enums import DelegateRole, DelegationState, LetterState, Means
from meetings.letter_gate import media_type
from meetings.models import Delegate, Delegation, DelegationChange, Meeting, NominationLetter
from meetings.services.steps import invitation_of
from members.models import Participant, User
from members.rules import NotAllowed

FAR = 1000
"""Places beyond any list: two people who change places must not meet."""


@dataclass(frozen=True)
class Person:
    """A delegate as typed: name, role in the delegation, position held at home."""

    name: str
    role: DelegateRole
    function: str = ""


@dataclass(frozen=True)
class LetterCopy:
    """The uploaded copy of a nomination letter: its name, made safe, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Answer:
    """We come, with these people in this order; or we do not. Special needs are told in confidence. Without a letter
    the one that stands stays."""

    comes: bool
    people: tuple[Person, ...] = ()
    special_needs: str = ""
    letter: LetterCopy | None = None


@dataclass(frozen=True)
class Source:
    """How an answer came that the secretariat recorded: by which means, when (UTC), by what evidence."""

    means: Means
    received_at: dt.datetime
    evidence: str


class DelegationIsStale(NotAllowed):
    """Somebody else of the participant answered in the meantime; `saved` holds what stands there now."""

    def __init__(self, saved: Delegation) -> None:
        who = saved.answered_by or "The secretariat"
        super().__init__(f"{who} changed this while you wrote. Nothing is lost: both are here.")
        self.saved = saved


def delegation_of(meeting: Meeting, participant: Participant) -> Delegation:
    """Under the meeting's lock, which stands for all its delegations."""
    rows = Delegation.objects.select_related("participant", "answered_by").prefetch_related("delegates")
    found = rows.filter(meeting=meeting, participant=participant).first()
    if found is None:
        raise NotAllowed(f"{participant} is not invited to this meeting. Nothing was recorded.")
    return found


def check(meeting: Meeting, delegation: Delegation, answer: Answer, *, version: int) -> None:
    """Raises NotAllowed: DelegationIsStale, no head or several, more people than seats, one named twice. Refused: a
    letter that is none."""
    if delegation.version != version:
        raise DelegationIsStale(delegation)
    if answer.comes:
        rules.check_delegates([one.role for one in answer.people], seats=meeting.seats)
        delegation_rules.check_named_once([one.name for one in answer.people])
    if answer.letter:
        media_type(answer.letter.content)


def is_late(meeting: Meeting, given_at: dt.datetime) -> bool:
    invitation = invitation_of(meeting)
    return invitation is not None and rules.is_late(invitation.answer_by, given_at)


def write(
    delegation: Delegation,
    answer: Answer,
    actor: User,
    now: dt.datetime,
    *,
    is_late: bool,
    source: Source | None = None,
) -> None:
    """The next version of the answer, its people, its letter, and one row of what changed. Who stays on the list keeps
    the row. `source`: set where the secretariat recorded it."""
    before, was = list(delegation.delegates.all()), DelegationState(delegation.state)
    what = _what(delegation, answer, before, was)
    delegation.state = (DelegationState.CONFIRMED if answer.comes else DelegationState.DECLINED).value
    delegation.version += 1
    delegation.special_needs = answer.special_needs.strip() if answer.comes else ""
    delegation.answered_at, delegation.answered_by, delegation.is_late = now, actor, is_late
    delegation.means = source.means.value if source else ""
    delegation.received_at = source.received_at if source else None
    delegation.evidence = source.evidence.strip() if source else ""
    _write_letter(delegation, answer, actor, now)
    delegation.save()
    _write_people(delegation, answer, before)
    note_change(delegation, actor, now, what, is_late=is_late, is_recorded=source is not None)


def note_change(
    delegation: Delegation, actor: User, now: dt.datetime, what: list[str], *, is_late: bool, is_recorded: bool
) -> None:
    DelegationChange.objects.create(
        delegation=delegation,
        at=now,
        actor=actor,
        is_late=is_late,
        is_recorded=is_recorded,
        what=[one[:400] for one in what],
    )


def _named(people: list[Delegate]) -> list[Named]:
    return [(one.name, one.role, one.function) for one in people]


def _what(delegation: Delegation, answer: Answer, before: list[Delegate], was: DelegationState) -> list[str]:
    now = DelegationState.CONFIRMED if answer.comes else DelegationState.DECLINED
    found = [] if was == now else ["Comes" if answer.comes else "Does not come"]
    people = answer.people if answer.comes else ()
    found += delegation_rules.changes(_named(before), [(one.name, one.role.value, one.function) for one in people])
    if delegation.special_needs != (answer.special_needs.strip() if answer.comes else ""):
        found.append("Special needs")
    if answer.comes and answer.letter:
        found.append("Copy of the nomination letter")
    return found or ["Nothing, sent again"]


def _write_letter(delegation: Delegation, answer: Answer, actor: User, now: dt.datetime) -> None:
    """A new copy takes the place of the old one, and has to be seen anew; who does not come leaves none."""
    if answer.comes and answer.letter is None:
        return
    NominationLetter.objects.filter(delegation=delegation).delete()
    delegation.letter = LetterState.NONE.value
    if answer.comes and answer.letter:
        content = answer.letter.content
        NominationLetter.objects.create(
            delegation=delegation,
            file_name=answer.letter.name,
            media_type=media_type(content),
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            uploaded_at=now,
            uploaded_by=actor,
        )
        delegation.letter = LetterState.COPY.value


def check_not_on_roll(gone: QuerySet[Delegate]) -> None:
    """Who was marked at a roll call stays on the list: the record of the meeting names the row."""
    marked = gone.filter(attendances__isnull=False).first()
    if marked:
        raise NotAllowed(
            f"{marked} is on the roll call already and can not be taken off the list. Write to the secretariat.",
            "delegates",
        )


def _write_people(delegation: Delegation, answer: Answer, before: list[Delegate]) -> None:
    """Who is named as before, but for capitals, accents and spaces, keeps the row and with it the badge."""
    people = answer.people if answer.comes else ()
    pairs = delegation_rules.same_people([one.name for one in before], [one.name for one in people])
    stay = {place: before[old] for place, old in pairs.items()}
    rows = Delegate.objects.filter(delegation=delegation)
    gone = rows.exclude(pk__in=[one.pk for one in stay.values()])
    check_not_on_roll(gone)
    gone.delete()
    rows.update(position=F("position") + FAR)
    rows.filter(role=DelegateRole.HEAD.value).update(role=DelegateRole.ADVISER.value)
    for place, one in enumerate(people):
        row = stay.get(place) or Delegate(delegation=delegation)
        row.position, row.name, row.role, row.function = place + 1, one.name, one.role.value, one.function.strip()
        row.save()
