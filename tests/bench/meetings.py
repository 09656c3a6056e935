"""Meetings: one of 60 participants, 400 delegates, 60 items and 200 papers, each of its pages beside the floor page;
the list of 1,000 meetings; the files that the secretariat takes out."""

import datetime as dt
import statistics
import time
from collections.abc import Callable

from django.db import connections
from django.db.models import F
from django.test import Client

from documents.models import Document
from meetings.enums import DelegateRole, DelegationState, LetterState, MeetingState
from meetings.models import (
    AgendaItem,
    AgendaPaper,
    Attendance,
    Delegate,
    Delegation,
    InformationNote,
    Meeting,
    PaperRequest,
    Series,
    Session,
)
from members.clock import clock
from members.enums import Role
from members.models import User
from notifications.enums import NoticeState
from notifications.models import Notice
from tests.bench.data import session_of
from tests.bench.measure import Target, one_client
from tests.bench.notices import Row, Serve, report
from tests.bench.queries import queries_of
from tests.factories.accounts import with_app
from tests.factories.agenda import AgendaStage
from tests.factories.directory import AppointmentFactory, ParticipantFactory, StandingFactory

PARTICIPANTS, DELEGATES, ITEMS, PAPERS, MEETINGS, SESSIONS = 60, 400, 60, 200, 1_000, 4
ON_TOP, ASKED = 12, 60
"""Items that stand at the top, the others under them; papers that a participant was asked for, the others documents."""
MOST_QUERIES, PAGE_TIMES, LIST_TIMES, FILE_SECONDS = 15, 3.0, 1.2, 2.0


class BigStage(AgendaStage):
    """In session on its first day, with an agenda that is published and a roll of four sessions."""

    def filled_up(self) -> Meeting:
        self._participants()
        self.invited()
        Notice.objects.update(state=NoticeState.ACCEPTED.value, accepted_at=F("queued_at"))
        self._delegations()
        self._agenda()
        self.publishes()
        today = clock().date()
        Meeting.objects.filter(pk=self.meeting.pk).update(
            state=MeetingState.IN_SESSION.value,
            starts_on=today,
            ends_on=today + dt.timedelta(days=1),
            earliest_on=today,
            latest_on=today + dt.timedelta(days=1),
        )
        self._roll()
        InformationNote.objects.create(
            meeting=self.meeting, venue="Harbour Hall, 1 Quay Road.", visas="Ask by 1 May.", changed_by=self.officer
        )
        self._other_meetings()
        for person in (self.officer, self.focal_point):
            with_app(person)
        with connections["owner"].cursor() as cursor:  # the application's role may not
            cursor.execute("ANALYZE")
        return self.meeting

    def _participants(self) -> None:
        for number in range(PARTICIPANTS - len(self.states) - 2):
            one = ParticipantFactory(code=f"P{number}", short_name=f"Republic of Participant Number {number}")
            StandingFactory(participant=one)
            self.body.memberships.create(participant=one)
            AppointmentFactory(participant=one, role=Role.FOCAL_POINT.value)

    def _delegations(self) -> None:
        rows = list(self.meeting.delegations.order_by("pk"))
        Delegation.objects.filter(meeting=self.meeting).update(
            state=DelegationState.CONFIRMED.value,
            answered_at=clock(),
            answered_by=self.officer,
            version=1,
            letter=LetterState.NOT_REQUIRED.value,
        )
        Delegate.objects.bulk_create(
            Delegate(
                delegation=rows[number % len(rows)],
                position=number // len(rows) + 1,
                name=f"Ms Family-Name Given-Name {number}",
                role=(DelegateRole.HEAD if number < len(rows) else DelegateRole.ADVISER).value,
                function="Deputy Director, Department of Consular and Migration Affairs",
            )
            for number in range(DELEGATES)
        )

    def _agenda(self) -> None:
        agenda_days = 2
        top = [
            self.adds(f"Item number {number}", minutes=None, day=1 + number % agenda_days) for number in range(ON_TOP)
        ]
        AgendaItem.objects.bulk_create(
            AgendaItem(
                meeting=self.meeting,
                parent=top[number % ON_TOP],
                day=top[number % ON_TOP].day,
                position=number // ON_TOP + 1,
                title=f"What the group of experts found, part {number}",
                minutes=15,
                purpose="discussion",
                presenter="Borland",
                restricted_note="Corland may ask for the floor.",
            )
            for number in range(ITEMS - ON_TOP)
        )
        items = list(AgendaItem.objects.filter(meeting=self.meeting))
        documents = Document.objects.bulk_create(
            Document(
                symbol=f"HG/P/{number}",
                title=f"Paper number {number}",
                kind="paper",
                body=self.body,
                audience="members_and_observers",
                state="circulated",
            )
            for number in range(PAPERS - ASKED)
        )
        for one in documents:
            one.versions.create(
                number=1, file_name="p.txt", media_type="text/plain", file_sha256="0" * 64, file_size=1,
                text_sha256="0" * 64, released_at=clock(),
            )  # fmt: skip
        due = clock() + dt.timedelta(days=20)
        invited = [one.participant for one in self.meeting.delegations.select_related("participant")]
        requests = PaperRequest.objects.bulk_create(
            PaperRequest(
                meeting=self.meeting, participant=invited[number % len(invited)], title=f"Country report {number}",
                due_on=due.date(), due_at=due, asked_by=self.officer, asked_at=clock(),
            )
            for number in range(ASKED)
        )  # fmt: skip
        AgendaPaper.objects.bulk_create(
            [AgendaPaper(item=items[at % len(items)], document=one) for at, one in enumerate(documents)]
            + [AgendaPaper(item=items[at % len(items)], request=one) for at, one in enumerate(requests)]
        )

    def _roll(self) -> None:
        """Every delegate was ticked in three of the sessions; the last one runs."""
        made = Session.objects.bulk_create(
            Session(meeting=self.meeting, position=number, title=f"Session {number + 1}") for number in range(SESSIONS)
        )
        people = list(Delegate.objects.filter(delegation__meeting=self.meeting).select_related("delegation"))
        Attendance.objects.bulk_create(
            (
                Attendance(
                    session=one,
                    participant_id=who.delegation.participant_id,
                    delegate=who,
                    capacity=who.delegation.capacity,
                    mode="in_the_room",
                    marked_at=clock(),
                    marked_by=self.officer,
                )
                for one in made[:3]
                for who in people
            ),
            batch_size=2_000,
        )

    def _other_meetings(self) -> None:
        series = [
            Series.objects.create(slug=f"bench-{n}", name=f"Series Number {n}", body=self.body, position=n + 2)
            for n in range(10)
        ]
        first = dt.date(2003, 1, 10)
        made = Meeting.objects.bulk_create(
            Meeting(
                slug=f"past-{number}",
                series=series[number % len(series)],
                ordinal=str(number + 1),
                title=f"Meeting number {number + 1} of the Harbour Group",
                place="Harbour Town",
                country="Aland",
                state=MeetingState.PUBLISHED.value,
                **dict.fromkeys(("starts_on", "ends_on", "earliest_on", "latest_on"), first + dt.timedelta(8 * number)),
            )
            for number in range(MEETINGS - 1)
        )
        everyone = [one.participant_id for one in self.meeting.delegations.all()]
        sessions = Session.objects.bulk_create(Session(meeting=one) for one in made)
        Attendance.objects.bulk_create(
            (
                Attendance(session=one, participant_id=pk, capacity="member")
                for at, one in enumerate(sessions)
                for pk in everyone[at % 7 :]
            ),
            batch_size=5_000,
        )


def pages_of(stage: BigStage) -> dict[str, tuple[str, User | None]]:
    """Each measured page by its name, with who reads it (None: the public)."""
    here = stage.meeting.get_absolute_url()
    last = Session.objects.filter(meeting=stage.meeting).latest("position")
    own, officer = stage.focal_point, stage.officer
    past = f"/meetings/past-{MEETINGS // 2}/"
    return {
        "list": ("/meetings/", None),
        "past meeting": (past, None),
        "meeting, focal point": (here, own),
        "meeting, officer": (here, officer),
        "agenda, focal point": (f"{here}agenda/", own),
        "agenda, officer": (f"{here}agenda/", officer),
        "own delegation": (f"{here}delegation/{stage.states[0].code}/", own),
        "one delegation": (f"{here}delegation/{stage.states[0].code}/", officer),
        "answers": (f"{here}answers/", officer),
        "invitation": (f"{here}invitation/", officer),
        "list of participants": (f"{here}participants/", officer),
        "papers": (f"{here}papers/", officer),
        "information": (f"{here}information/", own),
        "checklist": (f"{here}checklist/", officer),
        "evidence": (f"{here}evidence/", officer),
        "sessions": (f"{here}sessions/", officer),
        "roll call": (f"{here}sessions/{last.pk}/roll/", officer),
        "running": (f"{here}run/", officer),
        "attendance over the years": ("/meetings/attendance/", own),
        "desk": ("/", officer),
        "home": ("/", own),
    }


def pages(stage: BigStage, port: int) -> list[Row]:
    asked = pages_of(stage)
    queries = {name: queries_of(who, path) for name, (path, who) in asked.items()}
    cookies = {person: session_of(person) for person in (stage.focal_point, stage.officer)}
    targets = [Target("floor", "/floor/", cookies[stage.focal_point], port)]
    targets += [Target(name, path, cookies[who] if who else "", port) for name, (path, who) in asked.items()]
    times = {name: statistics.median(taken) for name, taken in one_client(targets).items()}
    rows = []
    for name in asked:
        most, found = LIST_TIMES if name == "list" else PAGE_TIMES, queries[name]
        ratio = times[name] / times["floor"]
        rows.append(
            Row(
                name,
                f"{times[name]:.1f} ms beside {times['floor']:.1f} ms of the floor page: {ratio:.2f}; {found} queries",
                f"≤ {most:g}; ≤ {MOST_QUERIES}",
                ratio <= most and found <= MOST_QUERIES,
            )
        )
    return rows


def files(stage: BigStage) -> list[Row]:
    """Seconds of the files, asked for by an officer, after the first one loaded what makes them."""
    here = stage.meeting.get_absolute_url()
    client = Client(headers={"host": "testserver"})
    client.cookies["sessionid"] = session_of(stage.officer)
    rows = []
    for name, path in {
        "list of participants, PDF": f"{here}participants/file/pdf/",
        "list of participants, DOCX": f"{here}participants/file/docx/",
        "list of participants, XLSX": f"{here}participants/file/xlsx/",
        "agenda, PDF": f"{here}agenda/file/pdf/",
        "agenda, DOCX": f"{here}agenda/file/docx/",
        "badges of 400 delegates, PDF": f"{here}sheets/badges/",
    }.items():
        client.get(path)
        taken = _seconds(lambda: _taken_out(client, path))  # noqa: B023
        rows.append(Row(name, f"{taken:.2f} s", f"< {FILE_SECONDS:g} s", taken < FILE_SECONDS))
    return rows


def _taken_out(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise AssertionError(f"{path} answered {answer.status_code}")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main(served: Serve) -> int:
    stage = BigStage()
    stage.filled_up()
    with served() as port:
        rows = pages(stage, port)
    rows += files(stage)
    return report(rows, "meetings")
