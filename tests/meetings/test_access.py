"""Who sees which meeting, and how much of it."""

import pytest
from django.http import Http404
from django.utils import timezone

from meetings.access import get_meeting, reach, visible_to
from meetings.enums import MeetingState
from meetings.models import Meeting
from members.access import NOBODY, Reader, reader_of
from members.enums import Role
from tests.factories.directory import AppointmentFactory, ParticipantFactory
from tests.factories.meetings import MeetingFactory

pytestmark = pytest.mark.django_db
SHOWN = {"planned", "invited", "in_session", "postponed", "cancelled", "published"}


@pytest.fixture
def one_of_each() -> dict[str, Meeting]:
    return {state.value: MeetingFactory.create(slug=f"m-{state.value}", state=state.value) for state in MeetingState}


@pytest.fixture
def officer() -> Reader:
    return reader_of(AppointmentFactory.create(role=Role.OFFICER.value, starts_at=timezone.now()).user)


@pytest.fixture
def focal_point() -> Reader:
    return reader_of(AppointmentFactory.create(participant=ParticipantFactory.create()).user)


def test_visible_to_public_is_what_is_announced_or_published(
    one_of_each: dict[str, Meeting], focal_point: Reader
) -> None:
    for reader in (NOBODY, focal_point):
        assert set(visible_to(reader).values_list("state", flat=True)) == SHOWN
        with pytest.raises(Http404):
            get_meeting(reader, "m-closed")


def test_visible_to_staff_is_everything(one_of_each: dict[str, Meeting], officer: Reader) -> None:
    assert visible_to(officer).count() == len(MeetingState)
    assert get_meeting(officer, "m-closed").state == "closed"


def test_reach_shows_record_of_published_meetings_only(one_of_each: dict[str, Meeting], officer: Reader) -> None:
    for state, meeting in one_of_each.items():
        public = reach(NOBODY, meeting)
        assert (public.attendance, public.record) == ((state == "published"), (state == "published"))
        assert reach(officer, meeting).record


def test_reach_of_meeting_public_in_part_is_attendance_alone(officer: Reader) -> None:
    meeting = MeetingFactory.create(is_public_in_part=True)
    assert (reach(NOBODY, meeting).attendance, reach(NOBODY, meeting).record) == (True, False)
    assert reach(officer, meeting).record
    planned = MeetingFactory.create(is_public_in_part=True, state="planned")
    assert not reach(NOBODY, planned).attendance
