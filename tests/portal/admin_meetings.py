"""Many meetings with what hangs on them, for Django admin."""

from typing import Any

from decisions.models import Verb
from meetings.models import (
    Attendance,
    Delegate,
    Delegation,
    Meeting,
    MeetingInvitation,
    MeetingNote,
    PaperRequest,
    PreparationTask,
    Series,
    SeriesTask,
    Session,
)
from members.models import Body, Participant, User
from tests.portal.admin_days import at, on

BUSY = 45
"""So many rows hang on the last meeting and the last session each."""


def put_meetings(rows: Any) -> None:
    of = rows.of
    rows.put(Verb, lambda n: {"word": f"verb {n}", "heading": f"Verb {n}", "weight": "notes"})
    rows.put(Series, lambda n: {"slug": f"se{n}", "name": f"Series {n}", "body": of(Body, n)})
    rows.put(
        Meeting,
        lambda n: {
            "slug": f"me{n}",
            "series": of(Series, n),
            "title": f"Meeting {n}",
            "host": of(Participant, n),
            "starts_on": on(n),
            "ends_on": on(n),
            "earliest_on": on(n),
            "latest_on": on(n),
            "state": "published",
        },
    )
    rows.put(Session, lambda n: {"meeting": of(Meeting, n)})
    rows.put(
        Attendance,
        lambda n: {
            "session": of(Session, -1 if n >= rows.count - BUSY else n),
            "participant": of(Participant, n),
            "capacity": "member",
        },
    )
    rows.put(MeetingNote, lambda n: {"meeting": of(Meeting, n), "text": f"Remark {n}"})
    rows.put(SeriesTask, lambda n: {"series": of(Series, n), "text": f"Line {n}", "days_before": n % 200})
    rows.put(PreparationTask, lambda n: {"meeting": of(Meeting, n), "text": f"Line {n}", "days_before": n % 200})
    _called(rows)


def _called(rows: Any) -> None:
    of = rows.of
    rows.put(
        MeetingInvitation,
        lambda n: {
            "meeting": of(Meeting, n), "answer_by": at(n), "drafted_by": of(User, n), "changed_by": of(User, n),
            "drafted_at": at(n),
        },
    )  # fmt: skip
    last = rows.count - BUSY
    rows.put(
        Delegation,
        lambda n: {
            "meeting": of(Meeting, -1 if n >= last else n),
            "participant": of(Participant, n),
            "capacity": "member",
            "answered_by": of(User, n),
        },
    )
    rows.put(Delegate, lambda n: {"delegation": of(Delegation, n), "position": 1, "name": f"Ms {n}", "role": "head"})
    rows.put(
        PaperRequest,
        lambda n: {
            "meeting": of(Meeting, n), "participant": of(Participant, n), "title": f"Paper {n}", "due_on": on(n),
            "due_at": at(n), "asked_by": of(User, n), "asked_at": at(n),
        },
    )  # fmt: skip
