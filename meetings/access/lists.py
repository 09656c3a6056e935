"""Who reads lists of participants and takes out what is made of them: the secretariat. Names of persons are never
public, and no other participant reads them here."""

from django.http import Http404

from meetings.access.called import own_participants, sent_invitation_of
from meetings.access.meetings import get_meeting, staff_only
from meetings.enums import Format, MeetingState
from meetings.list_rules import FREEZABLE
from meetings.models import Delegate, InformationNote, Meeting
from members.access import Reader


def can_freeze(reader: Reader, meeting: Meeting) -> bool:
    """In this state of the meeting; whether a list stands is asked under the lock."""
    return reader.is_staff and MeetingState(meeting.state) in FREEZABLE


def get_information(reader: Reader, slug: str) -> tuple[Meeting, InformationNote]:
    """The note for those who come, for everyone of an invited participant once the invitation went out, and for the
    secretariat. 404 otherwise."""
    meeting = get_meeting(reader, slug, "invitation", "information")
    note: InformationNote | None = getattr(meeting, "information", None)
    if note is None or not (reader.is_staff or (sent_invitation_of(meeting) and own_participants(reader, meeting))):
        raise Http404
    return meeting, note


def can_support_visa(meeting: Meeting) -> bool:
    """A meeting that takes place in a country that is known."""
    return meeting.format != Format.VIRTUAL and bool(meeting.host_id or meeting.country)


def get_delegate(reader: Reader, meeting: Meeting, code: str, pk: int) -> Delegate:
    """A person who comes and is named, for the secretariat. 404 otherwise."""
    staff_only(reader)
    rows = Delegate.objects.select_related("delegation__participant").exclude(name="")
    found = rows.filter(delegation__meeting=meeting, delegation__participant__code=code, pk=pk).first()
    if found is None:
        raise Http404
    return found


def information_of(meeting: Meeting) -> InformationNote | None:
    """The note as it stands, for a page that the reader may open; None: none is written. One query, none
    where the meeting was read with it."""
    found: InformationNote | None = getattr(meeting, "information", None)
    return found
