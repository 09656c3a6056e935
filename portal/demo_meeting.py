"""The meeting of the demonstration: called, approved and answered by the portal's own deeds."""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from documents.models import Document
from meetings import services
from meetings.agenda_enums import ItemKind
from meetings.agenda_rules import Spot
from meetings.enums import DelegateRole, MeetingState
from meetings.models import Agenda, AgendaItem, Meeting, PaperRequest, Series
from meetings.services import Answer, Information, InvitationPlan, ItemPlan, Paper, Person, SessionPlan
from members.access import forum
from members.directory import co_chairs_of, today
from members.models import Participant, User

EVIDENCE = "Sample: e-mail of the co-chair to the secretariat, filed with this demonstration."
SESSIONS = (
    ("Session 1", dt.time(9), dt.time(12, 30)),
    ("Session 2", dt.time(14), dt.time(17)),
)


def call_meeting(row: dict[str, Any], officer: User, manager: User, focal_points: dict[str, User]) -> Meeting:
    """A planned meeting, its invitation sent, and answers in all states; one paper came, one is awaited."""
    meeting = plan_meeting(row, officer)
    _prepare(meeting, row["done"], officer)
    zone = ZoneInfo(forum().time_zone)
    last = today() + dt.timedelta(days=row["answer_days_ahead"])
    plan = InvitationPlan(
        dt.datetime.combine(last, dt.time(17), zone),
        list(Participant.objects.filter(code__in=row["observers"])),
        row["seats"],
        paragraph=row["paragraph"],
    )
    services.prepare_invitation(meeting.slug, plan, actor=officer, key=uuid.uuid4())
    services.ask_invitation_approval(meeting.slug, actor=officer, key=uuid.uuid4())
    co_chair = co_chairs_of(meeting.series.body, today())[0]
    services.approve_invitation(meeting.slug, co_chair=co_chair, evidence=EVIDENCE, actor=manager, key=uuid.uuid4())
    note = Information(**row["information"])
    services.change_information(meeting.slug, note, version=0, actor=officer, key=uuid.uuid4())
    for one in row["answers"]:
        people = tuple(Person(name, DelegateRole(role), function) for name, role, function in one.get("people", ()))
        services.answer_invitation(
            meeting.slug,
            Answer(bool(people), people, one.get("special_needs", "")),
            participant=Participant.objects.get(code=one["who"]),
            version=0,
            actor=focal_points[one["who"]],
            key=uuid.uuid4(),
        )
    for one in row["papers"]:
        paper = Paper(Participant.objects.get(code=one["who"]), one["title"], last)
        asked = services.ask_paper(meeting.slug, paper, actor=officer, key=uuid.uuid4())
        if one["came"]:
            services.receive_paper(meeting.slug, asked.pk, actor=officer, key=uuid.uuid4())
    for title, starts, ends in SESSIONS:
        sits = SessionPlan(title, meeting.earliest_on, starts, ends)
        services.save_session(meeting.slug, sits, actor=officer, key=uuid.uuid4())
    return meeting


def _prepare(meeting: Meeting, number: int, officer: User) -> None:
    """So many lines of the checklist are done."""
    for task in meeting.tasks.all()[:number]:
        services.finish_task(meeting.slug, task.pk, actor=officer, key=uuid.uuid4())


def put_agenda(row: dict[str, Any], officer: User) -> None:
    """The agenda of the meeting, published; after the documents of the demonstration, which are its papers."""
    slug = row["slug"]
    for one in row["agenda"]:
        item = _add_item(slug, one, Spot(None, one.get("day", 1)), officer)
        for child in one.get("under", ()):
            _add_item(slug, child, Spot(item.pk, item.day), officer)
    version = Agenda.objects.get(meeting__slug=slug).version
    services.publish_agenda(slug, version=version, actor=officer, key=uuid.uuid4())


def _add_item(slug: str, one: dict[str, Any], spot: Spot, officer: User) -> AgendaItem:
    requests = PaperRequest.objects.filter(meeting__slug=slug, title__in=one.get("papers", ()))
    plan = ItemPlan(
        title=one["title"],
        kind=ItemKind.BREAK if one.get("break") else ItemKind.ITEM,
        minutes=one.get("minutes"),
        starts_at=dt.time.fromisoformat(one["starts"]) if "starts" in one else None,
        purpose=one.get("purpose", ""),
        presenter=one.get("presenter", ""),
        restricted_note=one.get("note", ""),
        documents=tuple(Document.objects.filter(symbol__in=one.get("documents", ())).values_list("pk", flat=True)),
        requests=tuple(requests.values_list("pk", flat=True)),
    )
    return services.add_item(slug, plan, spot, actor=officer, key=uuid.uuid4())


def plan_meeting(row: dict[str, Any], officer: User) -> Meeting:
    """A meeting of two days to which nobody is invited yet, with the checklist of its series."""
    first = today() + dt.timedelta(days=row["days_ahead"])
    last = first + dt.timedelta(days=1)
    made: Meeting = Meeting.objects.create(
        slug=row["slug"],
        series=Series.objects.get(slug=row["series"]),
        title=row["title"],
        place=row["place"],
        country=row["country"],
        starts_on=first,
        ends_on=last,
        earliest_on=first,
        latest_on=last,
        state=MeetingState.PLANNED.value,
        is_sample=True,
    )
    services.take_usual_tasks(made.slug, actor=officer, key=uuid.uuid4())
    return made
