"""Who sees and keeps the roll call, the sessions, the badge of a delegate."""

import datetime as dt

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from meetings.access.meetings import get_meeting, staff_only
from meetings.enums import DelegationState, Mark
from meetings.models import Attendance, Delegate, Delegation, Meeting, Session
from meetings.session_rules import mark_of
from members.access import Reader
from members.directory import members_on, observers_on
from members.models import Participant

NAMED = ("code", "slug", "short_name", "formal_name", "sort_key", "kind")
"""What a roll call reads of a participant."""


def sessions_of(reader: Reader, meeting: Meeting) -> list[Session]:
    staff_only(reader)
    return list(meeting.sessions.order_by("position"))


def get_session(reader: Reader, slug: str, pk: int) -> tuple[Meeting, Session]:
    """A session for the pages of the secretariat. 404 for everyone else, and where there is none."""
    staff_only(reader)
    meeting = get_meeting(reader, slug)
    found = meeting.sessions.filter(pk=pk).first()
    if found is None:
        raise Http404
    return meeting, found


def get_badge(reader: Reader, slug: str, token: str) -> tuple[Meeting, Delegate]:
    """Whom a badge names. 404 for everyone but the secretariat, and where no badge has this token."""
    staff_only(reader)
    meeting = get_meeting(reader, slug)
    rows = Delegate.objects.select_related("delegation__participant")
    found = rows.filter(delegation__meeting=meeting, badge_token=token).first() if token else None
    if found is None:
        raise Http404
    return meeting, found


def registered(reader: Reader, meeting: Meeting) -> list[Delegation]:
    """Delegations that come, with their people. Two queries."""
    staff_only(reader)
    rows = meeting.delegations.filter(state=DelegationState.CONFIRMED.value).select_related("participant")
    rows = rows.only("meeting_id", "capacity", *(f"participant__{name}" for name in NAMED))
    columns = ("delegation_id", "position", "name", "role", "function")
    people = Prefetch("delegates", Delegate.objects.only(*columns).order_by("position"))
    return list(rows.prefetch_related(people).order_by("participant__sort_key"))


def of_the_forum(reader: Reader, on: dt.date) -> QuerySet[Participant]:
    """Members and observers on a day, each with `is_member`."""
    staff_only(reader)
    member, observer = Q(pk__in=members_on(on).values("pk")), Q(pk__in=observers_on(on).values("pk"))
    return Participant.objects.filter(member | observer).annotate(is_member=member).only(*NAMED)


def marks_of(reader: Reader, session: Session) -> list[Attendance]:
    staff_only(reader)
    return list(session.attendances.select_related("participant"))


def last_of(reader: Reader, session: Session) -> Attendance | None:
    """The newest tick, with who made it."""
    staff_only(reader)
    rows = session.attendances.exclude(marked_at=None).select_related("marked_by")
    return rows.order_by("-marked_at").first()


def marks_of_delegate(reader: Reader, delegate: Delegate) -> dict[int, Mark]:
    """What the roll calls say of one delegate, by session."""
    staff_only(reader)
    return {one.session_id: mark_of(one.presence, one.mode) for one in delegate.attendances.all()}
