"""Who reads the agenda of a meeting, and how much of it."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from documents import access as documents
from documents.models import Document
from meetings.access.meetings import READ_BY, chairs, get_meeting
from meetings.agenda_enums import OPEN_TO_READERS, AgendaState, AgendaVerb
from meetings.agenda_rules import permits
from meetings.enums import MeetingState
from meetings.models import Agenda, AgendaItem, Meeting, PaperRequest
from members.access import Reader
from members.directory import participants_of, today


@dataclass(frozen=True)
class AgendaReach:
    """The secretariat works on it and reads the notes for the chairs; co-chairs read the notes; all others read what is
    published."""

    is_desk: bool
    notes: bool


def agenda_reach(reader: Reader, meeting: Meeting, state: AgendaState) -> AgendaReach | None:
    """None: this reader sees no agenda. Two queries at most, none for the secretariat and the chairs."""
    if reader.is_staff:
        return AgendaReach(is_desk=True, notes=True)
    if chairs(reader, meeting):
        return AgendaReach(is_desk=False, notes=True)
    if state in OPEN_TO_READERS and takes_part(reader, meeting):
        return AgendaReach(is_desk=False, notes=False)
    return None


def reads_agenda(reader: Reader, meeting: Meeting) -> bool:
    """Does the page of the meeting lead this reader to the agenda? No query for the secretariat, three at most."""
    if reader.is_staff:
        return True
    state = Agenda.objects.filter(meeting=meeting).values_list("state", flat=True).first()
    return state is not None and agenda_reach(reader, meeting, AgendaState(state)) is not None


def reads_published_agenda(reader: Reader, meeting: Meeting) -> bool:
    """For calendars: no sitting of a draft, not even for the secretariat."""
    state = Agenda.objects.filter(meeting=meeting).values_list("state", flat=True).first()
    if state is None or AgendaState(state) not in OPEN_TO_READERS:
        return False
    return agenda_reach(reader, meeting, AgendaState(state)) is not None


def takes_part(reader: Reader, meeting: Meeting) -> bool:
    """Is a participant of the reader in the body of the meeting, or invited to it, as observers may be?"""
    own = [one.pk for one in reader.for_participants(*READ_BY)]
    if not own:
        return False
    is_invited = meeting.delegations.filter(participant__in=own).exists()
    return is_invited or participants_of(meeting.series.body, today()).filter(pk__in=own).exists()


def agenda_of(meeting: Meeting) -> Agenda:
    """The agenda, or a draft that is not saved yet."""
    found = Agenda.objects.select_related("changed_by").filter(meeting=meeting).first()
    return found or Agenda(meeting=meeting)


def get_agenda(reader: Reader, slug: str) -> tuple[Meeting, Agenda, AgendaReach]:
    """A meeting with its agenda and how much of it this reader sees; 404 where it is none."""
    if not reader.is_signed_in:
        raise Http404
    meeting = get_meeting(reader, slug)
    agenda = agenda_of(meeting)
    found = agenda_reach(reader, meeting, AgendaState(agenda.state))
    if found is None or (not found.is_desk and agenda.pk is None):
        raise Http404
    return meeting, agenda, found


def agenda_desk(reader: Reader, slug: str) -> tuple[Meeting, Agenda]:
    """For the deeds of the secretariat; 404 for everyone else."""
    if not reader.is_staff:
        raise Http404
    meeting, agenda, _ = get_agenda(reader, slug)
    return meeting, agenda


def get_item(reader: Reader, slug: str, pk: int) -> tuple[Meeting, Agenda, AgendaItem]:
    meeting, agenda = agenda_desk(reader, slug)
    found = meeting.agenda_items.filter(pk=pk).first()
    if found is None:
        raise Http404
    return meeting, agenda, found


def can_agenda(verb: AgendaVerb, reader: Reader, meeting: Meeting, agenda: Agenda) -> bool:
    return reader.is_staff and permits(verb, AgendaState(agenda.state), MeetingState(meeting.state))


def documents_to_name(reader: Reader) -> QuerySet[Document]:
    """Documents that may be papers of an item, and those whose page the reader may open."""
    return documents.visible_to(reader)


def requests_to_name(meeting: Meeting) -> QuerySet[PaperRequest]:
    return meeting.paper_requests.select_related("participant")
