"""Another forum, all invented, loads alone; and no code names the one this repository brings."""

import ast
import datetime as dt
import re
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.urls import reverse

from endorsements import services
from endorsements.calendar import earliest_deadline
from endorsements.enums import PositionKind, State
from endorsements.models import Circulation, Procedure
from endorsements.services import Plan, Reply
from meetings.models import Attendance, Meeting
from members import directory
from members.access import forum
from members.clock import clock
from members.enums import Role
from members.models import Admission, Body, Participant, User
from notifications.models import Notice
from tests.factories.circulations import VersionFactory
from tests.factories.directory import AppointmentFactory, UserFactory
from tests.portal.forum_copy import REAL, load

EXAMPLE = settings.BASE_DIR / "forum" / "example"
CODES = {"XA", "XB", "XC", "XD", "XE", "XF", "MRL", "SWI"}
FOREIGN = re.compile(r"Bali\b|Bangkok|Jakarta|\bRSO\b|Ad Hoc|\bAHG\b|Steering Group|Regional Support|Indonesia|BP/INT")


@pytest.fixture
def example(db: None) -> None:
    load(EXAMPLE)


# --- the data


@pytest.mark.django_db
def test_example_loads_alone_and_a_second_time_changes_nothing() -> None:
    assert " 0 changed, 0 unchanged" in load(EXAMPLE)
    assert "0 new, 0 changed" in load(EXAMPLE)
    assert forum().short_name == "Highland Dialogue"
    assert set(Participant.objects.values_list("code", flat=True)) == CODES
    assert [path.stem for path in sorted(EXAMPLE.glob("*.csv"))] == ["addresses", "places", "series", "sources"]


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        ("2009-05-03", [0, 0, 0, 0]),
        ("2009-05-04", [5, 1, 0, 0]),
        ("2013-07-01", [5, 1, 1, 0]),
        ("2018-06-12", [6, 1, 0, 1]),
        ("2021-01-01", [5, 1, 0, 1]),
    ],
)
def test_example_counts_follow_admission_and_merger(example: None, on: str, counts: list[int]) -> None:
    assert list(directory.counts(dt.date.fromisoformat(on)).values()) == counts


def test_example_has_names_merger_admission_languages_and_addresses(example: None) -> None:
    before, after = (
        Participant.objects.annotate(then=directory.name_on(dt.date.fromisoformat(on))).get(code="XC")
        for on in ("2015-08-31", "2015-09-01")
    )
    assert (before.then, after.then) == ("Upper Corve", "Corvenna")
    merged = Participant.objects.get(code="XF")
    assert (merged.merger.into.code, merged.merger.on) == ("XE", dt.date(2021, 1, 1))
    admission = Admission.objects.get()
    steps = [(step.stage.word, str(step.on)) for step in admission.steps.all()]
    assert (admission.state, steps) == ("completed", [("Applied", "2017-10-02"), ("Received", "2018-06-12")])
    alvaria = Participant.objects.get(code="XA")
    assert alvaria.languages == ["Spanish", "English"]
    assert alvaria.addresses.get().email == "rescue@alvaria.example"
    assert Meeting.objects.count() == 6
    assert Attendance.objects.count() == 27


def test_example_has_rules_of_its_own(example: None) -> None:
    own = Procedure.objects.get(body__slug="rescue-council")
    assert (own.min_working_days, str(own.usual_hour), own.objections_that_stop) == (15, "12:00:00", 2)
    assert (own.stops_at_once, own.proposals_stop, own.counts_organisations) == (False, True, True)
    # Fifteen working days after Monday 20 July 2026, without the public holidays of Peru: 23, 28, 29 July, 6 August.
    ends = earliest_deadline(own, forum(), dt.datetime(2026, 7, 20, 15, tzinfo=dt.UTC))
    assert ends == dt.datetime(2026, 8, 14, 17, tzinfo=dt.UTC)


# --- its pages and mails


def addresses() -> Iterator[str]:
    yield "/"
    yield reverse("meetings:meeting-list")
    yield reverse("directory:participant-list")
    yield reverse("directory:body-list")
    for model in (Meeting, Participant, Body):
        yield from (one.get_absolute_url() for one in model._default_manager.all())


def test_example_has_public_pages_with_no_name_of_another_forum(example: None, client: Client) -> None:
    pages = {address: client.get(address) for address in addresses()}
    assert {address: page.status_code for address, page in pages.items() if page.status_code != 200} == {}
    assert len(pages) == 4 + 6 + 8 + 4
    assert {address: found for address, page in pages.items() if (found := foreign(page.content.decode()))} == {}
    home = " ".join(pages["/"].content.decode().split())
    for fact in ("Highland Dialogue on Mountain Rescue and Safe Passes", "5 States, 1 organisation", "Puerto Alto"):
        assert fact in home
    assert "Alvaria and Brenland" in home
    assert "Rescue Council" in pages[reverse("directory:body-list")].content.decode()
    assert "Upper Corve" in pages[Participant.objects.get(code="XC").get_absolute_url()].content.decode()


def foreign(text: str) -> list[str]:
    return sorted(set(FOREIGN.findall(text)))


def test_example_mails_name_no_other_forum(example: None) -> None:
    """From the request for approval to the ending: every notice of two circulations, one of them stopped."""
    cast = people()
    stopped = circulate("assembly", cast)
    running = circulate("rescue-council", cast)
    for circulation, kind, code in [
        (stopped, PositionKind.MORE_TIME, "XC"),
        (running, PositionKind.OBJECTION, "XA"),
        (stopped, PositionKind.OBJECTION, "XB"),
    ]:
        reply = Reply(kind, "The pass is closed in winter.")
        participant = Participant.objects.get(code=code)
        services.record_position(circulation.ref, reply, participant=participant, actor=cast[code], key=uuid.uuid4())
    stopped.refresh_from_db()
    running.refresh_from_db()
    assert (stopped.state, running.state) == (State.BROKEN.value, State.OPEN.value)
    notices = list(Notice.objects.all())
    kinds = {one.kind for one in notices}
    assert {"circulation.approval", "circulation.opened", "circulation.ended", "position.recorded"} <= kinds
    assert {one.pk: found for one in notices if (found := foreign(f"{one.subject} {one.body}"))} == {}
    assert "rescue@alvaria.example" in {one.address for one in notices}
    opened = next(one for one in notices if one.kind == "circulation.opened")
    assert "12:00 in Puerto Alto" in opened.subject
    assert "Puerto Alto" in opened.body


def people() -> dict[str, User]:
    """The staff, and a focal point for each participant of today."""
    cast = {}
    for role in (Role.OFFICER, Role.MANAGER):
        cast[role.value] = UserFactory.create(email=f"{role.value}@bureau.example")
        AppointmentFactory.create(user=cast[role.value], role=role.value, participant=None)
    for one in directory.participants_of(Body.objects.get(slug="assembly"), directory.today()):
        cast[one.code] = UserFactory.create(email=f"{one.code.lower()}@members.example")
        AppointmentFactory.create(user=cast[one.code], role=Role.FOCAL_POINT.value, participant=one)
    return cast


def circulate(slug: str, cast: dict[str, User]) -> Circulation:
    body = Body.objects.get(slug=slug)
    procedure = Procedure.objects.get(body=body, mode="silence")
    version = VersionFactory.create(document__body=body, document__symbol=f"HD/{slug}/1", document__title="Calls")
    plan = Plan(version, body, procedure, earliest_deadline(procedure, forum(), clock()))
    officer, manager = cast[Role.OFFICER.value], cast[Role.MANAGER.value]
    draft = services.prepare_circulation(plan, actor=officer, key=uuid.uuid4())
    services.ask_approval(draft.ref, actor=officer, key=uuid.uuid4())
    chair = directory.co_chairs_of(body, directory.today())[0]
    return services.approve_circulation(
        draft.ref, co_chair=chair, evidence="Letter of the chair.", actor=manager, key=uuid.uuid4()
    )


# --- the code

CODE = "portal members documents decisions workgroups meetings endorsements notifications audit templates static tools"
"""Folders of the code; tests, docs and the data itself name the forum."""
KNOWN = {
    # The folder that `make run` loads unless FORUM_DIR names another: a place, and no page prints it.
    ("portal/settings.py", "bali_process"),
}


@cache
def names() -> re.Pattern[str]:
    """Every name of the real forum: its own, its secretariat's, bodies', States' and those of places it met in.
    Names of time zones (Asia/Colombo) are not its own, nor are codes of organisations of the United Nations."""
    own = yaml.safe_load((REAL / "forum.yaml").read_text())
    bodies = yaml.safe_load((REAL / "bodies.yaml").read_text())
    places = yaml.safe_load((REAL / "places.yaml").read_text())
    participants = yaml.safe_load((REAL / "participants.yaml").read_text())
    keys = ("name", "short_name", "secretariat", "secretariat_abbreviation", "secretariat_place", "number_series")
    found = {own[key] for key in keys} | {"Bali", "bali_process"} | {one["name"] for one in places}
    for body in bodies:
        found |= {body["name"], *body.get("also_called", [])}
        if len(body.get("abbreviation", "")) > 2:
            found.add(body["abbreviation"])
    found |= {one["name"] for one in participants if one["kind"] == "state"}
    longest = sorted(found, key=len, reverse=True)
    any_of = "|".join(re.escape(one) for one in longest)
    return re.compile(rf"(?<![A-Za-z])(?<!Asia/)(?<!Pacific/)(?<!Australia/)(?:{any_of})(?![A-Za-z])")


def texts(path: Path) -> Iterator[str]:
    """What a file may print: the strings of Python that are no docstrings, templates and scripts without comments."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield re.sub(r"/\*.*?\*/|\{#.*?#\}|<!--.*?-->", "", text, flags=re.DOTALL)
        return
    tree = ast.parse(text)
    docstrings = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in docstrings:
            yield one.value


def test_no_code_names_the_real_forum() -> None:
    found = {
        (str(path.relative_to(settings.BASE_DIR)), name)
        for folder in CODE.split()
        for path in sorted((settings.BASE_DIR / folder).rglob("*"))
        if path.suffix in {".py", ".html", ".txt", ".js", ".css", ".svg"} and "migrations" not in path.parts
        for text in texts(path)
        for name in names().findall(text)
    }
    assert names().findall("Ad Hoc Group, RSO in Bangkok, not Asia/Bangkok") == ["Ad Hoc Group", "RSO", "Bangkok"]
    assert found == KNOWN
