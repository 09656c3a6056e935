"""A past meeting is recorded from a source, seen by the secretariat alone, and published by another person."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEntry
from meetings import services
from meetings.models import Meeting
from meetings.planning_rules import Days
from meetings.services import Evidence, MeetingPlan
from members.directory import today
from members.rules import NotAllowed
from tests.factories.called import DAY, CalledStage
from tests.meetings.test_called_views import key, signed_in, words

pytestmark = pytest.mark.django_db
RECORD, PAGE, PUBLISH = "/meetings/record/", "/meetings/third-meeting/", "/meetings/third-meeting/publish/"
HELD = Days(dt.date(2015, 5, 4), dt.date(2015, 5, 5))
LETTER = Evidence("Co-chairs’ statement, 5 May 2015, file 12", ("The letter says Bali.", "The list says Jakarta."))


@pytest.fixture(autouse=True)
def _proven(settings: Any) -> None:
    settings.REAUTHENTICATE_SECONDS = 10**6


def record(called: CalledStage, *, days: Days = HELD, evidence: Evidence = LETTER, **values: Any) -> Meeting:
    given = {"actor": called.officer, "key": uuid.uuid4(), **values}
    return services.record_meeting(called.meeting.series, MeetingPlan("Third Meeting", days), evidence, **given)


def test_one_row_its_remarks_one_entry(called: CalledStage) -> None:
    one = uuid.uuid4()
    assert record(called, key=one).pk == record(called, key=one).pk
    meeting = Meeting.objects.get(slug="third-meeting")
    assert (meeting.state, meeting.source, meeting.recorded_by) == ("closed", LETTER.source, called.officer)
    assert list(meeting.notes.values_list("text", "source")) == [(one, LETTER.source) for one in LETTER.remarks]
    entry = AuditEntry.objects.get(action="meeting.recorded")
    assert (entry.subject_ref, entry.detail["source"]) == ("third-meeting", LETTER.source)
    assert Client().get(PAGE).status_code == 404


@pytest.mark.parametrize(
    ("days", "evidence", "field"),
    [
        (HELD, Evidence(" "), "source"),
        (Days(), LETTER, "words"),
        (Days(dt.date(2015, 5, 5), dt.date(2015, 5, 4)), LETTER, "last_day"),
        (None, LETTER, "last_day"),
    ],
)
def test_refused_with_nothing_left_behind(
    called: CalledStage, days: Days | None, evidence: Evidence, field: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        record(called, days=days or Days(today() + DAY), evidence=evidence)
    assert refused.value.field == field
    assert not Meeting.objects.filter(slug="third-meeting").exists()
    assert not AuditEntry.objects.exists()


def test_was_never_opened_and_does_not_go_back(called: CalledStage) -> None:
    record(called)
    with pytest.raises(NotAllowed, match="recorded from a source"):
        services.step_meeting_back("third-meeting", reason="Why not.", actor=called.officer, key=uuid.uuid4())
    assert Meeting.objects.get(slug="third-meeting").state == "closed"
    page = words(signed_in(called.officer).get(f"{PAGE}sessions/"))
    assert "Go back a step" not in page


def test_vague_days_of_the_past(called: CalledStage) -> None:
    found = record(called, days=Days(words="May 2015", earliest=dt.date(2015, 5, 1), latest=dt.date(2015, 5, 31)))
    assert (found.starts_on, found.planned_text) == (None, "May 2015")


def test_published_by_a_manager_and_never_by_who_recorded_it(called: CalledStage) -> None:
    record(called, actor=called.manager)
    with pytest.raises(NotAllowed, match="You recorded this meeting"):
        services.publish_record("third-meeting", actor=called.manager, key=uuid.uuid4())
    Meeting.objects.update(recorded_by=called.officer)
    with pytest.raises(NotAllowed, match="Your post as manager"):
        services.publish_record("third-meeting", actor=called.officer, key=uuid.uuid4())
    one = uuid.uuid4()
    for _ in range(2):
        found = services.publish_record("third-meeting", actor=called.manager, key=one)
    assert (found.state, found.published_on) == ("published", today())
    assert AuditEntry.objects.filter(action="meeting.record_published").count() == 1
    with pytest.raises(NotAllowed, match="closed meeting"):
        services.publish_record("third-meeting", actor=called.manager, key=uuid.uuid4())


def test_a_meeting_run_in_the_portal_is_not_published_so(called: CalledStage) -> None:
    Meeting.objects.filter(pk=called.meeting.pk).update(state="closed")
    with pytest.raises(NotAllowed, match="not recorded from a source"):
        services.publish_record("called", actor=called.manager, key=uuid.uuid4())


def test_a_deed_of_the_secretariat(called: CalledStage) -> None:
    with pytest.raises(NotAllowed, match="Your post in the secretariat"):
        record(called, actor=called.focal_point)


def test_through_the_pages(called: CalledStage) -> None:
    series = called.meeting.series
    officer, manager = signed_in(called.officer), signed_in(called.manager)
    given = {
        "key": key(), "series": series.pk, "title": "Third Meeting", "format": "in_person", "place": "Bali",
        "first_day": "2015-05-04", "last_day": "2015-05-05", "remarks": "The letter says Bali.\r\n\r\nNobody signed.",
    }  # fmt: skip
    wrong = officer.post(RECORD, given)
    assert 'href="#id_source"' in wrong.content.decode()
    assert 'value="Bali"' in wrong.content.decode()
    answer = officer.post(RECORD, {**given, "key": key(), "source": "Statement, file 12"}, follow=True)
    page = words(answer)
    assert "The meeting is recorded." in page
    assert "Nobody signed. Statement, file 12" in page
    assert "Publish the record" not in page
    assert officer.get(PUBLISH).status_code == 403
    assert "Publish the record" in words(manager.get(PAGE))
    assert "Recorded by" in words(manager.get(PUBLISH))
    assert "The record is public." in words(manager.post(PUBLISH, {"key": key()}, follow=True))
    public = words(Client().get(PAGE))
    assert "5 May 2015" in public
    assert "Statement, file 12" in public
    assert "Third Meeting" in words(Client().get("/meetings/"))
