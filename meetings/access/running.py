"""Who follows a meeting in session: the secretariat, and the co-chairs of its body or of the forum."""

from django.db.models import Count, QuerySet
from django.http import Http404

from decisions.models import Outcome
from decisions.models import Verb as OutcomeVerb
from meetings.access.meetings import chairs, get_meeting
from meetings.enums import MeetingState
from meetings.models import AgendaItem, AgendaPaper, Meeting
from members.access import Reader


def follows(reader: Reader, meeting: Meeting) -> bool:
    return reader.is_staff or (chairs(reader, meeting) and meeting.state == MeetingState.IN_SESSION)


def get_running(reader: Reader, slug: str) -> Meeting:
    """A meeting to run: 404 for everyone but the secretariat and, while it is in session, its co-chairs."""
    if not (reader.is_staff or reader.is_co_chair):
        raise Http404
    meeting = get_meeting(reader, slug)
    if not follows(reader, meeting):
        raise Http404
    return meeting


def items_to_run(meeting: Meeting) -> list[AgendaItem]:
    """All rows of the agenda with when they ran and the number of their papers; for who follows the meeting."""
    rows = meeting.agenda_items.select_related("run").order_by("day", "position", "pk")
    return list(rows.annotate(number_of_papers=Count("papers")))


def papers_at_hand(item: AgendaItem) -> list[AgendaPaper]:
    """The papers of the item that runs; for who follows the meeting."""
    return list(item.papers.select_related("document", "request__participant"))


def outcomes_so_far(meeting: Meeting) -> list[Outcome]:
    """What was noted, in order; for who follows the meeting."""
    rows = Outcome.objects.filter(meeting_link__meeting=meeting).select_related("verb", "meeting_link")
    return list(rows.order_by("position", "pk"))


def verbs_to_choose() -> QuerySet[OutcomeVerb]:
    return OutcomeVerb.objects.order_by("position", "word")
