"""Circulations: the board of 193 participants of 20 people beside the floor page, the asking while nothing changes, the
closing, and a beat tick over 1,000 that run."""

import statistics
import time
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Max

from documents.models import Document, Version
from endorsements import services
from endorsements.enums import PositionKind, State
from endorsements.live import standing_of
from endorsements.models import Circulation, Eligible
from members.clock import clock
from members.enums import Role
from members.models import Appointment, User
from notifications.enums import NoticeState
from notifications.models import Notice
from tests.bench.data import session_of
from tests.bench.measure import Target, one_client
from tests.bench.notices import Row, Serve, report
from tests.bench.queries import queries_of
from tests.factories.accounts import with_app
from tests.factories.circulations import Stage
from tests.factories.directory import LONG_AGO, ParticipantFactory, StandingFactory

PARTICIPANTS, PEOPLE, RUNNING = 193, 20, 1_000
BOARD_TIMES, MOST_QUERIES, MOST_OF_ASKING = 3.0, 15, 7
"""Of the asking: session, person, posts, second step, circulation; then two for what the board stands at."""
CLOSING_SECONDS = TICK_SECONDS = 1.0
REPLIED = 90


@dataclass(frozen=True)
class Scene:
    stage: Stage
    circulation: Circulation
    cookie: str


def scene() -> Scene:
    """One circulation to 193 participants of 20 people each, half of whom replied; all mail was taken."""
    stage = Stage()
    places = list(stage.states)
    for number in range(PARTICIPANTS - len(places)):
        one = ParticipantFactory(code=f"P{number}", short_name=f"Republic of Participant Number {number}")
        StandingFactory(participant=one)
        stage.body.memberships.create(participant=one)
        places.append(one)
    _people(places)
    circulation = stage.opened(seconds=86_400)
    for place in places[3 : 3 + REPLIED]:
        speaker = Appointment.objects.filter(participant=place, role=Role.FOCAL_POINT.value)[0].user
        stage.reply(circulation, PositionKind.ENDORSE, by=speaker, of=place)
    Notice.objects.update(state=NoticeState.ACCEPTED.value, accepted_at=F("queued_at"))
    with_app(stage.officer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Scene(stage, circulation, session_of(stage.officer))


def _people(places: list[object]) -> None:
    """One focal point, one alternate and eighteen reviewers of each."""
    wanted = len(places) * PEOPLE
    User.objects.bulk_create(
        (User(email=f"reads{n}@p{n // PEOPLE}.example", name=f"Person {n}", password="!") for n in range(wanted)),
        batch_size=2_000,
    )
    users = User.objects.filter(email__startswith="reads").order_by("pk")
    roles = [Role.FOCAL_POINT, Role.ALTERNATE, *[Role.REVIEWER] * (PEOPLE - 2)]
    Appointment.objects.bulk_create(
        Appointment(user=user, participant=places[n // PEOPLE], role=roles[n % PEOPLE].value, starts_at=LONG_AGO)
        for n, user in enumerate(users)
    )


def more_running(made: Circulation) -> None:
    """Copies of a running circulation, each with a document of its own, none of them due."""
    document, version = made.version.document, made.version
    last = Document.objects.aggregate(last=Max("pk"))["last"]
    for one in (document, version, made):
        one._state.adding = True
    documents = Document.objects.bulk_create(
        Document(symbol=f"RUN/{n}", title=f"Running {n}", kind=document.kind, body=document.body, state=document.state)
        for n in range(RUNNING)
    )
    columns = [field.attname for field in Version._meta.concrete_fields if field.attname not in {"id", "document_id"}]
    versions = Version.objects.bulk_create(
        Version(document=one, **{name: getattr(version, name) for name in columns}) for one in documents
    )
    columns = [field.attname for field in Circulation._meta.concrete_fields]
    kept = {name: getattr(made, name) for name in columns if name not in {"id", "ref", "version_id", "outcome_id"}}
    kept["remind_at"] = made.expires_at
    rows = Circulation.objects.bulk_create(
        Circulation(ref=f"run-{n}-{last}", version=one, **kept) for n, one in enumerate(versions)
    )
    members = list(Eligible.objects.filter(circulation=made).values_list("participant_id", "counts"))
    Eligible.objects.bulk_create(
        (Eligible(circulation=one, participant_id=pk, counts=counts) for one in rows for pk, counts in members),
        batch_size=5_000,
    )


def pages(made: Scene, port: int) -> list[Row]:
    """The board and the asking take turns with the floor page."""
    path = made.circulation.get_absolute_url()
    live = f"{path}live/?sort=name&show=all&since="
    board, asking = queries_of(made.stage.officer, path), queries_of(made.stage.officer, live + str(_standing(made)))
    asked_of = [("floor", "/floor/"), ("board", path), ("asking", live + str(_standing(made)))]
    times = one_client([Target(name, where, made.cookie, port) for name, where in asked_of], empty=("asking",))
    floor, taken, asked = (statistics.median(times[name]) for name, _ in asked_of)
    return [
        Row(
            f"board of {PARTICIPANTS} participants",
            f"{taken:.1f} ms beside {floor:.1f} ms of the floor page: {taken / floor:.2f}",
            f"≤ {BOARD_TIMES:g}",
            taken / floor <= BOARD_TIMES,
        ),
        Row("its queries", str(board), f"≤ {MOST_QUERIES}", board <= MOST_QUERIES),
        Row("asking while nothing changes", f"{asked:.1f} ms", "≤ the floor page", asked <= floor),
        Row("its queries", str(asking), f"≤ {MOST_OF_ASKING}", asking <= MOST_OF_ASKING),
    ]


def _standing(made: Scene) -> object:
    return standing_of(Circulation.objects.get(pk=made.circulation.pk))


def closing(made: Scene) -> list[Row]:
    """The end of one with 193 participants, its notices to all included; then a tick over the others."""
    tick = _seconds(lambda: (services.close_due_circulations(), services.remind_due()))
    Circulation.objects.filter(pk=made.circulation.pk).update(expires_at=clock())
    taken = _seconds(lambda: services.close_circulation(made.circulation.ref))
    ended = Circulation.objects.get(pk=made.circulation.pk)
    if ended.state == State.OPEN:
        raise AssertionError("it was not closed")
    told = Notice.objects.filter(event__startswith="circulation.ended").count()
    return [
        Row(
            f"beat tick over {RUNNING:,} that run",
            f"{tick * 1000:.0f} ms",
            f"< {TICK_SECONDS:g} s",
            tick < TICK_SECONDS,
        ),
        Row(
            f"closing, with {told:,} notices",
            f"{taken:.2f} s",
            f"< {CLOSING_SECONDS:g} s",
            taken < CLOSING_SECONDS,
        ),
    ]


def _seconds(work: object) -> float:
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started


def main(served: Serve) -> int:
    made = scene()
    with served() as port:
        rows = pages(made, port)
    more_running(Circulation.objects.select_related("version__document__body").get(pk=made.circulation.pk))
    rows += closing(made)
    return report(rows, "circulations")
