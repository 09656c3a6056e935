"""Pages of a meeting that is called, as plain values: its invitation, one delegation, its papers."""

import datetime as dt
from typing import Any

from meetings import words
from meetings.days import meeting_days
from meetings.enums import LETTER_NAMES, DelegationState, LetterState
from meetings.letters import facts, where
from meetings.models import Delegation, Meeting, MeetingInvitation, NominationLetter, PaperRequest
from members.access import Reader
from members.directory import addressees_of, participants_of, participants_with_speaker, today
from members.enums import Role
from members.models import Forum, Participant
from notifications.enums import Kind
from notifications.letter import Audience, Letter, write

SHOWN_CHANGES = 30


def head(
    meeting: Meeting, invitation: MeetingInvitation | None, reader: Reader, forum: Forum, now: dt.datetime
) -> dict[str, Any]:
    """What stands on top of every page of a meeting that is called."""
    row = {name: getattr(meeting, name) for name in ("starts_on", "ends_on", "sits_on", "planned_text")}
    return {
        "forum": forum,
        "meeting": meeting,
        "invitation": invitation,
        "chip": words.meeting_chip(meeting, invitation, now),
        "days": meeting_days(row) or "to be decided",
        "where": where(meeting),
        "left": invitation.answer_by - now if invitation else None,
        "is_registering": invitation is not None and invitation.sent_at is not None and now < invitation.answer_by,
        "own_zone": reader.zone if reader.zone != forum.time_zone else "",
        "own_city": reader.city,
    }


def invitation_page(
    meeting: Meeting, invitation: MeetingInvitation, reader: Reader, forum: Forum, now: dt.datetime
) -> dict[str, Any]:
    """The draft, or what went out: whom, until when, and the notice word for word. Who gets mail is counted by the
    query that will send it."""
    if invitation.sent_at:
        delegations = meeting.delegations.select_related("participant")
        invited = [one.participant for one in delegations]
        observers = {one.participant_id for one in delegations if one.is_observer}
    else:
        body = participants_of(meeting.series.body, today())
        observers = {one.pk for one in invitation.observers.all()}
        found = {one.pk: one for one in [*body, *invitation.observers.all()]}
        invited = sorted(found.values(), key=lambda one: one.sort_key)
    told = addressees_of([one.pk for one in invited], also=(Role.OBSERVER_DELEGATE,), observers=observers)
    speaking = participants_with_speaker([one.pk for one in invited], observers=observers)
    people: dict[str, int] = {}
    for one in told:
        people[one.participant_code] = people.get(one.participant_code, 0) + 1
    return {
        **head(meeting, invitation, reader, forum, now),
        "cells": [_cell(one, people.get(one.code, 0), one.pk in speaking) for one in invited],
        "vacant": [one for one in invited if one.pk not in speaking],
        "mails": len(told),
        "told_participants": len(people),
        "letter": _letter(meeting, invitation, forum),
        "reminders": reminders_in_words(meeting.reminder_hours),
    }


def _cell(participant: Participant, people: int, is_spoken_for: bool) -> dict[str, Any]:
    return {"participant": participant, "people": people, "is_vacant": not is_spoken_for}


def _letter(meeting: Meeting, invitation: MeetingInvitation, forum: Forum) -> Letter:
    """The notice as a participant without a time zone of its own gets it."""
    context = {
        "to": Audience(may_reply=True, participant="[name of the participant]"),
        "link": "[link to its page]",
        **facts(meeting, forum),
        "answer_by": invitation.answer_by,
        "paragraph": invitation.paragraph,
    }
    return write(Kind.MEETING_INVITED, context, is_sample=meeting.is_sample)


def reminders_in_words(hours: list[int]) -> str:
    """ "7 days, 2 days and 1 day before"."""
    parts = [_before(one) for one in sorted(set(hours), reverse=True)]
    if not parts:
        return "none"
    return " and ".join([part for part in (", ".join(parts[:-1]), parts[-1]) if part]) + " before"


def _before(hours: int) -> str:
    number, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def delegation_page(
    meeting: Meeting,
    invitation: MeetingInvitation | None,
    participant: Participant,
    delegation: Delegation | None,
    papers: tuple[PaperRequest, ...],
    others: list[Participant],
    reader: Reader,
    forum: Forum,
    now: dt.datetime,
) -> dict[str, Any]:
    """One participant's answer with names, special needs and the papers asked of it."""
    is_late = invitation is not None and now >= invitation.answer_by
    return {
        **head(meeting, invitation, reader, forum, now),
        "participant": participant,
        "delegation": delegation,
        "answer_chip": words.delegation_chip(delegation) if delegation else None,
        "late_chip": words.LATE if delegation and delegation.is_late else None,
        "people": list(delegation.delegates.all()) if delegation else [],
        "letter": letter_of(delegation),
        "letter_words": LETTER_NAMES[LetterState(delegation.letter)] if delegation else "",
        "changes": list(delegation.changes.select_related("actor")[:SHOWN_CHANGES]) if delegation else [],
        "papers": papers,
        "others": [one for one in others if one != participant],
        "sender": reader.label_for(participant),
        "would_be_late": is_late,
        "audience": f"Only {participant} and the secretariat",
        "lede": _delegation_lede(participant, delegation, invitation, is_late=is_late),
    }


def letter_of(delegation: Delegation | None) -> NominationLetter | None:
    """The copy of the letter without its bytes. One query."""
    return NominationLetter.objects.defer("content").filter(delegation=delegation).first() if delegation else None


def _delegation_lede(
    participant: Participant, delegation: Delegation | None, invitation: MeetingInvitation | None, *, is_late: bool
) -> str:
    if delegation is None or invitation is None:
        return f"What the secretariat asks of {participant} for this meeting."
    if delegation.state == DelegationState.CONFIRMED:
        number = len(delegation.delegates.all())
        return f"{participant} comes with {number} {'person' if number == 1 else 'people'}."
    if delegation.state == DelegationState.DECLINED:
        return f"{participant} does not come."
    return f"The co-chairs invite {participant}. " + (
        "The registration date has passed, and no answer is recorded." if is_late else "No answer is recorded yet."
    )
