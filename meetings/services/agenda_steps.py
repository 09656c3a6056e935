"""What the verbs of an agenda share. Every function here runs inside a verb's transaction, under the meeting's lock."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from audit.services import record_audit
from meetings.agenda_entries import entries_of
from meetings.agenda_enums import AgendaState, AgendaVerb
from meetings.agenda_rules import Entry, require
from meetings.enums import SUBJECT, MeetingState
from meetings.models import Agenda, AgendaItem, Meeting
from meetings.services.steps import lock_meeting
from members.clock import clock
from members.models import User
from members.rules import NotAllowed
from members.services.holding import require_staff


@dataclass
class Desk:
    """The agenda under the officer's hand: locked, with the time read after the lock."""

    meeting: Meeting
    agenda: Agenda
    now: dt.datetime
    actor: User
    after: AgendaState

    def entries(self) -> list[Entry]:
        return entries_of(AgendaItem.objects.filter(meeting=self.meeting))


class AgendaIsStale(NotAllowed):
    """Somebody changed the agenda since the page was made."""

    def __init__(self, agenda: Agenda) -> None:
        who = agenda.changed_by or "The secretariat"
        super().__init__(f"{who} changed the agenda in the meantime. Nothing was done. Look at it as it is now.")


def open_desk(slug: str, verb: AgendaVerb, actor: User, *, version: int | None = None) -> Desk:
    """Lock the meeting, which stands for its agenda, then read the clock and ask the rule. `version`: of the agenda as
    the page showed it; None where an older page does no harm. Raises NotAllowed, AgendaIsStale."""
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    agenda, _ = Agenda.objects.select_related("changed_by").get_or_create(meeting=meeting)
    if version is not None and version != agenda.version:
        raise AgendaIsStale(agenda)
    after = require(verb, AgendaState(agenda.state), MeetingState(meeting.state))
    return Desk(meeting, agenda, now, actor, after)


def close_desk(desk: Desk, action: str, **detail: Any) -> None:
    """Count the change and write its one audit row. What is restricted is never in the detail."""
    agenda = desk.agenda
    agenda.version += 1
    agenda.changed_at, agenda.changed_by = desk.now, desk.actor
    agenda.save()
    record_audit(
        action,
        actor=desk.actor,
        kind=SUBJECT,
        ref=desk.meeting.slug,
        label=desk.meeting.title,
        detail={**detail, "version": agenda.version},
    )
