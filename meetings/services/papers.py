"""Papers for a meeting: a participant is asked for one by a day; the secretariat notes that it came."""

import datetime as dt
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse

from audit.services import done, once, record_audit
from meetings import letters, rules
from meetings.enums import PAPER, SUBJECT, MeetingState, Verb
from meetings.models import Meeting, PaperRequest
from meetings.services.steps import lock_meeting
from members.access import forum
from members.clock import clock
from members.directory import addressees_of, today
from members.models import Participant, User
from members.names import one_line
from members.reminding import next_look
from members.rules import NotAllowed
from members.services.holding import require_staff
from notifications.enums import Kind
from notifications.services import Addressee, notify, settle

ASKED, RECEIVED = "paper.asked", "paper.received"


@dataclass(frozen=True)
class Paper:
    """What is asked for: from whom, under which title, until the end of which day in the forum's time."""

    participant: Participant
    title: str
    due_on: dt.date


@transaction.atomic(durable=True)
def ask_paper(slug: str, paper: Paper, *, actor: User, key: uuid.UUID) -> PaperRequest:
    """Ask a participant for a paper. Effects: the row, one audit row, one notice an address of the participant.

    Raises NotAllowed: the meeting not ahead, a day that is not ahead, the same paper asked for already, the officer's
    post ended.
    """
    if done_before := once(key, actor=actor, action=ASKED):
        return PaperRequest.objects.get(pk=done_before)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    rules.require(Verb.ASK_PAPER, MeetingState(meeting.state))
    rules.check_due(paper.due_on, today=today())
    title = one_line(paper.title)
    if meeting.paper_requests.filter(
        participant=paper.participant, title__iexact=title, received_at__isnull=True
    ).exists():
        raise NotAllowed(f"{paper.participant} is asked for this paper already.", "title")
    due_at = dt.datetime.combine(paper.due_on + dt.timedelta(days=1), dt.time(), ZoneInfo(forum().time_zone))
    made = PaperRequest.objects.create(
        meeting=meeting,
        participant=paper.participant,
        title=title,
        due_on=paper.due_on,
        due_at=due_at,
        asked_by=actor,
        asked_at=now,
        remind_at=next_look(now, due_at, meeting.reminder_hours, now),
    )
    detail = {"paper": made.pk, "title": title, "due_on": paper.due_on.isoformat(), "participant": _code(made)}
    record_audit(ASKED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    tell_of_paper(Kind.PAPER_ASKED, made, addressees_of([made.participant_id]), event=f"{ASKED}:{made.pk}")
    done(key, actor=actor, action=ASKED, result_ref=str(made.pk))
    return made


@transaction.atomic(durable=True)
def receive_paper(slug: str, pk: int, *, actor: User, key: uuid.UUID) -> PaperRequest:
    """Note that a paper came: nobody is reminded of it any more. One audit row; what asked for it is settled.

    Raises NotAllowed: noted already, the meeting was cancelled, the officer's post ended.
    """
    if once(key, actor=actor, action=RECEIVED):
        return PaperRequest.objects.get(pk=pk)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    rules.require(Verb.RECEIVE_PAPER, MeetingState(meeting.state))
    request = PaperRequest.objects.select_related("participant").get(pk=pk, meeting=meeting)
    if request.received_at:
        raise NotAllowed("This paper was noted as received already.")
    request.received_at, request.received_by, request.remind_at = now, actor, None
    request.save(update_fields=["received_at", "received_by", "remind_at"])
    settle(PAPER, str(pk))
    detail = {"paper": pk, "participant": _code(request)}
    record_audit(RECEIVED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    done(key, actor=actor, action=RECEIVED, result_ref=str(pk))
    return request


def tell_of_paper(kind: Kind, request: PaperRequest, to: list[Addressee], *, event: str, is_last: bool = False) -> int:
    """Queue what is told of one paper; how many notices. Inside a transaction."""
    meeting: Meeting = request.meeting
    rows = notify(
        kind,
        event=event,
        to=to,
        context={
            **letters.facts(meeting, forum()),
            "paper_title": request.title,
            "due_on": request.due_on,
            "due_at": request.due_at,
            "is_last": is_last,
        },
        subject_kind=PAPER,
        subject_ref=str(request.pk),
        path=reverse("meetings:delegation-own", args=[meeting.slug]),
        answer_by=request.due_at,
        is_sample=meeting.is_sample,
    )
    return len(rows)


def _code(request: PaperRequest) -> str:
    return request.participant.code
