"""Who may see which meeting, and how much of it."""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.http import Http404

from meetings.enums import PUBLIC, MeetingState
from meetings.models import Meeting
from members.access import Reader
from members.directory import name_on

ANNOUNCED = frozenset(
    {
        MeetingState.PLANNED,
        MeetingState.INVITED,
        MeetingState.IN_SESSION,
        MeetingState.POSTPONED,
        MeetingState.CANCELLED,
    }
)
"""Shown as planned: when and where. A closed meeting waits for its record to be published and is not shown."""


@dataclass(frozen=True)
class Reach:
    """How much of one meeting a reader sees beside its title, days and place."""

    attendance: bool
    record: bool


def visible_to(reader: Reader) -> QuerySet[Meeting]:
    """Meetings whose page the reader may open: the secretariat all, everyone else what is announced or published."""
    if reader.is_staff:
        return Meeting.objects.all()
    return Meeting.objects.filter(state__in=[state.value for state in ANNOUNCED | PUBLIC])


def whose_attendance_shows(reader: Reader) -> Q:
    """Condition on meetings: the reader may know who came."""
    return Q() if reader.is_staff else Q(state__in=[state.value for state in PUBLIC])


def get_meeting(reader: Reader, slug: str) -> Meeting:
    """The meeting; 404 when it does not exist or is not shown to the reader."""
    found = visible_to(reader).filter(slug=slug).select_related("series", "series__body")
    meeting = found.annotate(host_name=name_on(F("latest_on"), "host__")).first()
    if meeting is None:
        raise Http404("No such meeting.")
    return meeting


def reach(reader: Reader, meeting: Meeting) -> Reach:
    """A meeting that is public in part shows that it took place and who came, and nothing more."""
    if reader.is_staff:
        return Reach(attendance=True, record=True)
    is_published = MeetingState(meeting.state) in PUBLIC
    return Reach(attendance=is_published, record=is_published and not meeting.is_public_in_part)
