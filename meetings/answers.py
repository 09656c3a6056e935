"""Who answered the invitation to a meeting, for the secretariat; the papers asked for; what the home pages show of it.
Counts are computed. A fixed number of queries, whatever the number of participants."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.urls import reverse

from meetings import words
from meetings.access import can_approve
from meetings.called import head, reminders_in_words
from meetings.enums import (
    LETTER_NAMES,
    SUBJECT,
    TAKES_DELEGATIONS,
    Capacity,
    DelegateRole,
    DelegationState,
    LetterState,
    MeetingState,
)
from meetings.models import Delegate, Delegation, DelegationChange, Meeting, MeetingInvitation, PaperRequest
from meetings.services.steps import everyone_invited
from members.access import Reader
from members.directory import participants_with_speaker
from members.enums import Kind, Role
from members.models import Forum, Participant
from notifications.reach import signs_of
from notifications.signs import Signs, is_reached

SHOWS = {
    "all": "All",
    "silent": "No answer",
    "unreached": "Not reached",
    "comes": "Come",
    "declined": "Do not come",
    "late": "Late",
    "letter": "Letter missing",
}
MOST_CHANGES = 200


@dataclass(frozen=True)
class Line:
    """One participant: what it answered, who comes, whether it was reached at all."""

    delegation: Delegation
    signs: Signs

    @property
    def participant(self) -> Participant:
        return self.delegation.participant

    @property
    def chip(self) -> tuple[str, str]:
        return words.delegation_chip(self.delegation)

    @property
    def late_chip(self) -> tuple[str, str] | None:
        return words.LATE if self.delegation.is_late else None

    @property
    def letter(self) -> str:
        return LETTER_NAMES[LetterState(self.delegation.letter)]

    @property
    def lacks_letter(self) -> bool:
        return self.delegation.state == DelegationState.CONFIRMED and self.delegation.letter == LetterState.NONE

    @property
    def is_silent(self) -> bool:
        return self.delegation.state == DelegationState.INVITED

    @property
    def is_reached(self) -> bool:
        return is_reached(self.signs)

    @property
    def why_unreached(self) -> str:
        if not self.signs.has_speaker:
            return "Nobody is in office who may answer."
        return "The newest message came back." if self.signs.is_returned else "No message has arrived yet."

    @property
    def number(self) -> int:
        return len(self.delegation.delegates.all())

    @property
    def head(self) -> str:
        people = self.delegation.delegates.all()
        return next((one.name for one in people if one.role == DelegateRole.HEAD), "")

    @property
    def group(self) -> str:
        return words.group_of(Capacity(self.delegation.capacity), Kind(self.participant.kind))

    def fits(self, show: str) -> bool:
        """Does it stand under this filter?"""
        state = self.delegation.state
        return {
            "silent": self.is_silent,
            "unreached": self.is_silent and not self.is_reached,
            "comes": state == DelegationState.CONFIRMED,
            "declined": state == DelegationState.DECLINED,
            "late": self.delegation.is_late,
            "letter": self.lacks_letter,
        }.get(show, True)


def lines_of(meeting: Meeting, now: dt.datetime) -> list[Line]:
    """Every invited participant, members before observers, each in the order of the alphabet. Seven queries."""
    rows = meeting.delegations.select_related("participant", "answered_by").prefetch_related(
        Prefetch("delegates", Delegate.objects.only("delegation_id", "name", "role"))
    )
    found = list(rows.order_by("participant__sort_key"))
    speaking = participants_with_speaker(
        [one.participant_id for one in found], observers=[one.participant_id for one in found if one.is_observer]
    )
    signs = signs_of(
        SUBJECT,
        meeting.slug,
        codes=[one.participant.code for one in found],
        speaking={one.participant.code for one in found if one.participant_id in speaking},
        before=now,
        opening_is_due=False,
    )
    lines = [Line(one, signs[one.participant.code]) for one in found]
    return sorted(lines, key=lambda one: words.GROUP_ORDER.index(one.group))


def answers_page(
    meeting: Meeting,
    invitation: MeetingInvitation | None,
    reader: Reader,
    forum: Forum,
    now: dt.datetime,
    *,
    show: str = "",
) -> dict[str, Any]:
    """Context of the page; `show` is one of SHOWS, anything else means all."""
    lines = lines_of(meeting, now)
    chosen = show if show in SHOWS else "all"
    by_show = {key: [one for one in lines if one.fits(key)] for key in SHOWS}
    groups: dict[str, list[Line]] = {}
    for line in by_show[chosen]:
        groups.setdefault(line.group, []).append(line)
    return {
        **head(meeting, invitation, reader, forum, now),
        "groups": list(groups.items()),
        "invited": len(lines),
        "answered": len(lines) - len(by_show["silent"]),
        "numbers": {key: len(found) for key, found in by_show.items()},
        "people": sum(one.number for one in lines),
        "with_needs": sum(bool(one.delegation.special_needs) for one in lines),
        "shows": [(key, f"{SHOWS[key]} ({len(by_show[key])})", key == chosen) for key in SHOWS],
        "reminders": reminders_in_words(meeting.reminder_hours),
        "papers": _papers_words(invitation),
        "changes": changed_late(meeting),
        "lede": _lede(meeting, invitation, len(by_show["silent"]), len(by_show["unreached"]), now),
    }


def changed_late(meeting: Meeting) -> list[DelegationChange]:
    """What changed in the delegations after the registration date, the newest first. One query."""
    rows = DelegationChange.objects.filter(delegation__meeting=meeting, is_late=True)
    return list(rows.select_related("delegation__participant", "actor")[:MOST_CHANGES])


def _papers_words(invitation: MeetingInvitation | None) -> str:
    """ "2 asked for, 1 came", by the counts that come with the invitation."""
    asked, came = getattr(invitation, "papers_asked", 0), getattr(invitation, "papers_came", 0)
    return f"{asked} asked for, {came} came" if asked else "none asked for"


def _lede(meeting: Meeting, invitation: MeetingInvitation | None, silent: int, unreached: int, now: dt.datetime) -> str:
    if invitation is None or invitation.sent_at is None:
        return "The invitation has not gone out yet."
    if meeting.state not in TAKES_DELEGATIONS:
        return f"The meeting is {words.MEETINGS[MeetingState(meeting.state)][1].lower()}. What was answered stays here."
    if not silent:
        return "Every participant has answered."
    who = "One participant has" if silent == 1 else f"{silent} participants have"
    if now >= invitation.answer_by:
        return f"The registration date has passed. {who} not answered."
    if unreached:
        return f"{who} not answered; {unreached} of them may not know of the invitation."
    return f"{who} not answered yet. All of them were reached."


def papers_page(
    meeting: Meeting, invitation: MeetingInvitation | None, reader: Reader, forum: Forum, now: dt.datetime
) -> dict[str, Any]:
    """What was asked, of whom, until when, and what came. One query beside those of the head."""
    rows = list(meeting.paper_requests.select_related("participant", "asked_by", "received_by"))
    return {
        **head(meeting, invitation, reader, forum, now),
        "papers": [
            {"paper": one, "is_overdue": one.received_at is None and now >= one.due_at, "key": uuid.uuid4()}
            for one in rows
        ],
        "open": sum(one.received_at is None for one in rows),
        "reminders": reminders_in_words(meeting.reminder_hours),
    }


def told_by_calling_off(
    meeting: Meeting, invitation: MeetingInvitation | None, reader: Reader, forum: Forum, now: dt.datetime
) -> dict[str, Any]:
    """The page before a meeting is postponed or cancelled: to whom mail goes out."""
    told = everyone_invited(meeting)
    return {
        **head(meeting, invitation, reader, forum, now),
        "mails": len(told),
        "told_participants": len({one.participant_code for one in told}),
    }


# ---- home pages ----------------------------------------------------------------------------------------------------


def registrations(reader: Reader, now: dt.datetime) -> dict[str, list[MeetingInvitation]]:
    """For the secretariat's desk: meetings whose registration runs, each with its counts, and invitations that wait for
    this reader's approval; the soonest first. One query."""
    is_running = Q(sent_at__isnull=False, answer_by__gt=now, meeting__state=MeetingState.INVITED.value)
    is_asked = Q(asked_at__isnull=False, sent_at__isnull=True)
    state = "meeting__delegations__state"
    counted = MeetingInvitation.objects.filter(is_running | is_asked).annotate(
        invited=Count("meeting__delegations"),
        comes=Count("meeting__delegations", filter=Q(**{state: DelegationState.CONFIRMED.value})),
        declined=Count("meeting__delegations", filter=Q(**{state: DelegationState.DECLINED.value})),
        silent=Count("meeting__delegations", filter=Q(**{state: DelegationState.INVITED.value})),
    )
    rows = list(counted.select_related("meeting__series__body").order_by("answer_by"))
    return {
        "registrations": [one for one in rows if one.sent_at],
        "invitations_to_approve": [one for one in rows if can_approve(reader, one.meeting, one)],
    }


def invitations_for(reader: Reader, now: dt.datetime, zone: str) -> list[dict[str, Any]]:
    """Invitations to the reader's participants that may still be answered, those without an answer first. `zone`: the
    forum's, for a meeting without a clock of its own. One query; another for observer delegates."""
    ids = reader.participant_ids
    if not ids:
        return []
    rows = Delegation.objects.filter(
        participant_id__in=ids, meeting__state__in=[one.value for one in TAKES_DELEGATIONS]
    ).select_related("meeting__invitation", "participant")
    speaks = {one.pk for one in reader.speaks_for}
    posts = {one.pk for one in reader.for_participants(Role.OBSERVER_DELEGATE)}
    observers = {one.participant_id for one in rows if one.is_observer and one.participant_id in posts - speaks}
    if observers:
        speaks |= observers - participants_with_speaker(observers)
    found = [_row(one, now, may_answer=one.participant_id in speaks) for one in rows if now < one.meeting.ends_at(zone)]
    return sorted(found, key=lambda one: (not one["needs_answer"], one["answer_by"]))


def _row(delegation: Delegation, now: dt.datetime, *, may_answer: bool) -> dict[str, Any]:
    answer_by = delegation.meeting.invitation.answer_by
    return {
        "delegation": delegation,
        "meeting": delegation.meeting,
        "participant": delegation.participant,
        "answer_by": answer_by,
        "left": answer_by - now,
        "is_over": now >= answer_by,
        "chip": words.delegation_chip(delegation),
        "needs_answer": may_answer and delegation.state == DelegationState.INVITED,
        "may_answer": may_answer,
        "url": reverse("meetings:delegation-detail", args=[delegation.meeting.slug, delegation.participant.code]),
    }


def open_papers_of(reader: Reader) -> list[PaperRequest]:
    """Papers that the reader's participants owe, the soonest first. One query; none for who speaks for nobody."""
    speaks = [one.pk for one in reader.speaks_for]
    if not speaks:
        return []
    ahead = [state.value for state in (MeetingState.PLANNED, MeetingState.INVITED)]
    rows = PaperRequest.objects.filter(participant_id__in=speaks, received_at__isnull=True, meeting__state__in=ahead)
    return list(rows.select_related("meeting", "participant").order_by("due_at"))
