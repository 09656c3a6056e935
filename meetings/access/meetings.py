"""Who may see which meeting, and how much of it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404

from meetings.enums import PUBLIC, MeetingState, Verb
from meetings.models import Meeting
from meetings.rules import permits
from members.access import Reader
from members.directory import name_on
from members.enums import Role
from members.models import User

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


def get_meeting(reader: Reader, slug: str, *also: str) -> Meeting:
    """The meeting, with its invitation and its information note where `also` asks for them; 404 when it does not
    exist or is not shown to the reader."""
    found = visible_to(reader).filter(slug=slug).select_related("series", "series__body", *also)
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


READ_BY = (Role.FOCAL_POINT, Role.ALTERNATE, Role.REVIEWER, Role.OBSERVER_DELEGATE)
"""Who of a participant reads its delegation. Focal points and alternates alone register it."""


def chairs(reader: Reader, meeting: Meeting) -> bool:
    """Does the reader co-chair the body of the meeting, or the forum as a whole?"""
    chaired = reader.co_chaired_body_ids
    return None in chaired or meeting.series.body_id in chaired


def staff_only(reader: Reader) -> None:
    """Pages that nobody else knows of: 404."""
    if not reader.is_staff:
        raise Http404


def require(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise PermissionDenied(sentence)


def user_of(reader: Reader) -> User:
    """The account behind a reader that acts; pages with deeds are never open to nobody."""
    if reader.user is None:
        raise Http404
    return reader.user


def meeting_for_staff(reader: Reader, slug: str) -> Meeting:
    """A meeting, for the pages of the secretariat. 404 for everyone else."""
    staff_only(reader)
    return get_meeting(reader, slug)


def can(verb: Verb, reader: Reader, meeting: Meeting) -> bool:
    """May the secretariat do this with the meeting now? What was recorded from a source has no step to go back."""
    if verb is Verb.STEP_BACK and meeting.recorded_by_id:
        return False
    return reader.is_staff and permits(verb, MeetingState(meeting.state))


def readers_of_attendance(reader: Reader) -> str:
    """How the table of attendance says what it shows."""
    if reader.is_staff:
        return "Every meeting with attendance on record, published or not. Others read of published meetings alone."
    return "Everyone who is signed in reads of the meetings whose record is published."
