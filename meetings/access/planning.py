"""What the secretariat may choose from when it plans a meeting, and which meetings it may plan from."""

from django.db.models import Count, Q, QuerySet

from meetings.access.meetings import staff_only
from meetings.enums import STILL_AHEAD, MeetingState, Verb
from meetings.models import Meeting, Series
from meetings.rules import permits
from members.access import Reader
from members.models import Participant


def series_to_choose(reader: Reader) -> QuerySet[Series]:
    staff_only(reader)
    return Series.objects.select_related("body")


def participants_to_name(reader: Reader) -> list[Participant]:
    """Who may be named as host or co-chair: everyone of the directory that did not become part of another."""
    staff_only(reader)
    return list(Participant.objects.filter(merger__isnull=True).order_by("sort_key"))


def beside_to_choose(reader: Reader, meeting: Meeting | None = None) -> QuerySet[Meeting]:
    """Meetings that are ahead, and those beside it already."""
    staff_only(reader)
    ahead = Q(state__in=[one.value for one in STILL_AHEAD])
    if meeting is None:
        return Meeting.objects.filter(ahead).order_by("earliest_on", "pk")
    return (
        Meeting.objects.filter(ahead | Q(beside=meeting))
        .exclude(pk=meeting.pk)
        .order_by("earliest_on", "pk")
        .distinct()
    )


def can_publish_record(reader: Reader, meeting: Meeting) -> bool:
    """A manager, of what another person recorded from a source."""
    is_recorder = reader.user is not None and meeting.recorded_by_id == reader.user.pk
    is_open = permits(Verb.PUBLISH_RECORD, MeetingState(meeting.state)) and meeting.recorded_by_id is not None
    return reader.is_manager and is_open and not is_recorder


def same_ordinal(meeting: Meeting) -> list[Meeting]:
    """Other meetings of the series with the same ordinal: pointed out, never refused."""
    if not meeting.ordinal:
        return []
    found = Meeting.objects.filter(series=meeting.series, ordinal__iexact=meeting.ordinal).exclude(pk=meeting.pk)
    return list(found.order_by("earliest_on")[:5])


def lines_to_copy(reader: Reader, meeting: Meeting) -> tuple[int, int]:
    """How many lines its checklist and its agenda have, for the page that says what is taken over. One query."""
    staff_only(reader)
    counted = Meeting.objects.filter(pk=meeting.pk).annotate(
        lines=Count("tasks", distinct=True), items=Count("agenda_items", distinct=True)
    )
    found: tuple[int, int] = counted.values_list("lines", "items").get()
    return found
