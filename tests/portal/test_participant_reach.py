"""The page of one participant, cell by cell: who sees which part of it, and which part not."""

import datetime as dt
import re

import pytest
from django.db.models.functions import Now
from django.test import Client

from endorsements import services
from endorsements.enums import PositionKind
from endorsements.models import Circulation
from members.clock import clock
from members.enums import AdmissionState, Role
from members.models import Admission, AdmissionStage, AdmissionStep, Participant, User
from tests.factories.circulations import Stage, VersionFactory
from tests.factories.directory import BodyFactory, ParticipantFactory, StandingFactory
from tests.factories.meetings import MeetingFactory, attend
from tests.portal.reading import seen, text_of

pytestmark = pytest.mark.django_db

MARKERS = {
    "function": "Deputy head of the Harbour desk",
    "person": "Marker Person",
    "e-mail": "focal.aa@members.example",
    "letter": "Note verbale 17/2019",
    "mailbox": "ministry@aa.example",
    "open reply": "Waiting guide",
    "deadline": "Coming deadlines",
    "text of proposals": "Paragraph 2 is too long.",
    "endorsement, ended": "Ended guide",
    "objection, ended": "Broken guide",
    "under way": "Letter of marker admission",
    "dropped": "Marker reason of dropping",
    "attendance": "all meetings of the year",
    "completed": "Letter of completed admission",
}
EVERYONE = {"attendance", "completed"}
FUNCTIONS = EVERYONE | {"function"}
OWN_TEAM = FUNCTIONS | {"person", "e-mail", "letter", "mailbox"}
DRAFTS = {"open reply", "text of proposals", "endorsement, ended", "objection, ended"}
UNDER_WAY = {"under way", "dropped"}
CELLS = {
    "anonymous": EVERYONE,
    "stranger": EVERYONE,
    "former": EVERYONE,
    "suspended": EVERYONE,
    "admin": EVERYONE,
    "no_standing": EVERYONE,
    "observer": FUNCTIONS,
    "outsider": FUNCTIONS,
    "other": FUNCTIONS | {"endorsement, ended"},
    "own_observer": OWN_TEAM,
    "reviewer": OWN_TEAM | DRAFTS | {"deadline"},
    "focal_point": OWN_TEAM | DRAFTS | {"deadline"},
    "alternate": OWN_TEAM | DRAFTS | {"deadline"},
    "co_chair": FUNCTIONS | DRAFTS | UNDER_WAY,
    "body_chair": FUNCTIONS | DRAFTS,
    "other_body_chair": FUNCTIONS,
    "officer": OWN_TEAM | DRAFTS | UNDER_WAY | {"deadline"},
    "manager": OWN_TEAM | DRAFTS | UNDER_WAY | {"deadline"},
}
"""Each kind of reader → the parts of the page of AA it sees; every other part it does not."""


def make_marked(stage: Stage) -> Participant:
    """AA with a marker in each part: an open reply, an endorsement with proposals, an objection, admissions, a team."""
    first = stage.states[0]
    User.objects.filter(pk=stage.focal_point.pk).update(name="Marker Person")
    stage.focal_point.appointments.update(function=MARKERS["function"], letter=MARKERS["letter"])
    for title, kind in [
        ("Ended guide", PositionKind.ENDORSE_WITH_PROPOSALS),
        ("Broken guide", PositionKind.OBJECTION),
        ("Waiting guide", PositionKind.ENDORSE),
    ]:
        stage.version = VersionFactory(document__body=stage.body, document__title=title)
        circulation = stage.opened()
        stage.reply(circulation, kind)
        if title == "Ended guide":
            end_now(circulation)
    stages = [
        AdmissionStage.objects.create(slug=f"s{n}", position=n, word=f"Step {n}", sentence=f"Sentence {n}.")
        for n in (1, 2)
    ]
    body = BodyFactory(slug="task-force", name="Task Force")
    for state, source, where in [
        (AdmissionState.OPEN, MARKERS["under way"], {"body": body}),
        (AdmissionState.COMPLETED, MARKERS["completed"], {"standing": "member"}),
    ]:
        made = Admission.objects.create(participant=first, state=state.value, **where)
        AdmissionStep.objects.create(admission=made, stage=stages[0], source=source)
    Admission.objects.create(participant=first, state="dropped", standing="observer", reason=MARKERS["dropped"])
    attend(MeetingFactory(series__body=stage.body), "AA")
    return first


def end_now(circulation: Circulation) -> None:
    """Let the deadline of a circulation come, and close it as the scheduler does."""
    hour = dt.timedelta(hours=1)
    Circulation.objects.filter(pk=circulation.pk).update(opened_at=Now() - 2 * hour, expires_at=Now() - hour)
    assert services.close_circulation(circulation.ref)


def reader_named(stage: Stage, name: str) -> User | None:
    second = stage.states[1]
    made = {
        "outsider": ("outsider", Role.FOCAL_POINT, lambda: StandingFactory().participant),
        "no_standing": ("nostanding", Role.FOCAL_POINT, ParticipantFactory),
        "own_observer": ("own.observer", Role.OBSERVER_DELEGATE, lambda: stage.states[0]),
        "former": ("former", Role.FOCAL_POINT, lambda: stage.states[0]),
        "suspended": ("suspended", Role.OFFICER, lambda: None),
        "body_chair": ("body.chair", Role.CO_CHAIR, lambda: second),
        "other_body_chair": ("other.chair", Role.CO_CHAIR, lambda: second),
    }
    if name == "anonymous":
        return None
    if name not in made:
        user: User = getattr(stage, name)
        return user
    local, role, of = made[name]
    user = stage.person(local, role, of())
    if name == "former":
        user.appointments.update(ends_at=clock() - dt.timedelta(minutes=1))
    if name == "body_chair":
        user.appointments.update(body=stage.body)
    if name == "other_body_chair":
        user.appointments.update(body=BodyFactory(slug="elsewhere"))
    return user


@pytest.mark.parametrize("name", CELLS)
def test_each_reader_sees_its_parts_and_no_other(name: str) -> None:
    stage = Stage(terms={"unreached_hold": False})
    first = make_marked(stage)
    user = reader_named(stage, name)
    client = Client()
    if user:
        client.force_login(user)
    if name == "suspended":
        User.objects.filter(email="suspended@members.example").update(is_active=False)
    page = text_of(client, first)
    found = {part for part, marker in MARKERS.items() if marker in page}
    assert found == CELLS[name]


def test_an_endorsement_is_named_to_other_members_without_who_when_and_text() -> None:
    stage = Stage(terms={"unreached_hold": False})
    first = make_marked(stage)
    page = seen(stage.other, first)
    assert page.count("/circulations/") == 2, "the menu, and the one draft that ended with an endorsement"
    assert 'class="chip r-proposals"' in page
    for hidden in ("by the focal point", "/receipts/", "It replaced", "Proposals</h2>"):
        assert hidden not in page
    assert "Seen by its own people, the secretariat and co-chairs." in page


def test_what_is_not_named_cannot_be_counted() -> None:
    """Another member reads the same page whether AA objected, stayed silent or was not asked at all."""
    stage = Stage(terms={"unreached_hold": False})

    def page() -> str:
        """Without the number of new messages of its reader's own."""
        return re.sub(r"(>Inbox) <b.*?</span>", r"\1", seen(stage.other, stage.states[0]))

    before = page()
    stage.reply(stage.opened(), PositionKind.OBJECTION)
    stage.version = VersionFactory(document__body=stage.body)
    silent = stage.opened()
    assert page() == before
    end_now(silent)
    assert page() == before


def test_co_chairs_read_the_role_of_who_replied_and_own_people_the_name() -> None:
    stage = Stage()
    stage.reply(stage.opened(), PositionKind.ENDORSE, by=stage.alternate)
    chaired = seen(stage.co_chair, stage.states[0])
    assert "by the alternate" in chaired
    assert "Alternate aa" not in chaired
    assert "/receipts/" in chaired
    assert "by Alternate aa, alternate" in seen(stage.reviewer, stage.states[0])
