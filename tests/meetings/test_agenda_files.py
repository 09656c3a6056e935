"""Files of an agenda, read back: PDF, Word document, calendar."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.test import Client
from docx import Document
from icalendar import Calendar

from audit.models import AccessEntry
from meetings import services
from meetings.agenda_enums import AgendaVerb
from meetings.models import Meeting
from members.models import User
from tests.factories.agenda import NOTE, AgendaStage

pytestmark = pytest.mark.django_db
PAGE, CALENDAR = "/meetings/called/agenda/", "/meetings/called/calendar/"
HOSTILE = '=cmd #{"a"} $x$ *b* \x0b<w:p> ประชุม مرحبا'


@pytest.fixture
def stage(db: None) -> AgendaStage:
    made = AgendaStage()
    made.filled()
    made.adds(HOSTILE, day=2, presenter=HOSTILE, restricted_note=HOSTILE)
    made.invited()
    made.publishes()
    return made


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(content: bytes) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)


def events(client: Client) -> dict[str, Any]:
    """Events by the end of their UID: "" for the whole meeting, "-1" for its first day."""
    response = client.get(CALENDAR)
    assert response.status_code == 200
    found = Calendar.from_ical(response.content)
    return {
        str(one["UID"]).split("@")[0].removeprefix(f"meeting-{Meeting.objects.get(slug='called').pk}"): one
        for one in found.walk("VEVENT")
    }


def test_a_word_document_says_what_the_page_says(stage: AgendaStage) -> None:
    response = as_(stage.focal_point).get(f"{PAGE}file/docx/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="agenda-called.docx"'
    found = words(response.content)
    assert "09:00\t1.\u00a0Opening" in found
    assert "b.\u00a0Labour – 40 min" in found
    assert "For discussion" in found
    assert "09:30\tCoffee" in found
    assert "ประชุม مرحبا" in found
    assert NOTE not in found
    assert AccessEntry.objects.filter(subject_kind="agenda", subject_ref="called/docx").exists()


@pytest.mark.parametrize("kind", ["file", "annotated"])
def test_a_tagged_pdf_is_made_of_any_words(kind: str, stage: AgendaStage) -> None:
    made = as_(stage.officer).get(f"{PAGE}{kind}/pdf/").content
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made


def test_the_annotated_agenda_is_for_the_secretariat_and_the_chairs(stage: AgendaStage) -> None:
    for user in (stage.officer, stage.co_chair):
        found = words(as_(user).get(f"{PAGE}annotated/docx/").content)
        assert f"For the chairs: {NOTE}" in found
        assert "Annotated agenda" in found
    for user in (stage.focal_point, stage.observer, stage.stranger):
        assert as_(user).get(f"{PAGE}annotated/docx/").status_code == 404
    assert as_(stage.officer).get(f"{PAGE}file/exe/").status_code == 404


def test_the_public_calendar_holds_the_days_and_nothing_of_the_agenda(stage: AgendaStage) -> None:
    found = events(Client())
    assert set(found) == {""}
    whole, meeting = found[""], stage.meeting
    assert whole["SUMMARY"] == "Fifth Harbour Meeting"
    assert whole["DTSTART"].dt == meeting.starts_on
    assert whole["DTEND"].dt == meeting.ends_on + dt.timedelta(days=1)  # type: ignore[operator]
    assert whole["STATUS"] == "CONFIRMED"
    assert str(whole["URL"]).endswith("/meetings/called/")
    assert b"Opening" not in Client().get(CALENDAR).content


def test_readers_of_the_agenda_get_its_sittings_in_the_zone_of_the_meeting(stage: AgendaStage) -> None:
    Meeting.objects.filter(slug="called").update(time_zone="Asia/Colombo")
    found = events(as_(stage.focal_point))
    assert set(found) == {"", "-1", "-2"}
    first, second = found["-1"], found["-2"]
    assert first["DTSTART"].params["TZID"] == "Asia/Colombo"
    start = first["DTSTART"].dt
    assert (start.hour, start.minute, start.utcoffset()) == (9, 0, dt.timedelta(hours=5, minutes=30))
    assert first["DTEND"].dt - start == dt.timedelta(minutes=105)
    assert (second["DTSTART"].dt.hour, second["DTSTART"].dt.minute) == (9, 30)
    assert "09:00 1 Opening" in str(first["DESCRIPTION"])
    assert NOTE not in str(first["DESCRIPTION"])
    zones = Calendar.from_ical(as_(stage.focal_point).get(CALENDAR).content).walk("VTIMEZONE")
    assert [str(one["TZID"]) for one in zones] == ["Asia/Colombo"]


def test_of_a_draft_no_calendar_knows(stage: AgendaStage) -> None:
    stage.steps_back(AgendaVerb.TAKE_BACK)
    assert set(events(as_(stage.officer))) == {""}


def test_the_sequence_grows_with_each_change_and_the_uid_stays(stage: AgendaStage) -> None:
    before = events(as_(stage.officer))
    stage.adds("One more")
    between = events(as_(stage.officer))
    assert between["-1"]["SEQUENCE"] == before["-1"]["SEQUENCE"] + 1
    assert between[""]["SEQUENCE"] == before[""]["SEQUENCE"]
    services.postpone_meeting("called", reason="A storm.", actor=stage.officer, key=uuid.uuid4())
    after = events(as_(stage.officer))
    assert set(after) == set(before)
    for name, one in after.items():
        assert one["SEQUENCE"] > between[name]["SEQUENCE"]
        assert one["STATUS"] == "CANCELLED"


def test_postponed_to_known_days_it_stands_there_until_it_is_cancelled(stage: AgendaStage) -> None:
    assert stage.meeting.starts_on is not None
    later = stage.meeting.starts_on + dt.timedelta(days=30)
    services.postpone_meeting("called", reason="A storm.", first_day=later, actor=stage.officer, key=uuid.uuid4())
    moved = events(Client())[""]
    assert (moved["DTSTART"].dt, moved["STATUS"]) == (later, "TENTATIVE")
    services.cancel_meeting("called", reason="No quorum.", actor=stage.officer, key=uuid.uuid4())
    cancelled = events(Client())[""]
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["SEQUENCE"] > moved["SEQUENCE"]


def test_days_that_are_not_known_make_no_calendar(stage: AgendaStage) -> None:
    Meeting.objects.filter(slug="called").update(starts_on=None, ends_on=None, planned_text="mid-2027")
    assert Client().get(CALENDAR).status_code == 404
