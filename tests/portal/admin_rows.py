"""Many rows in every table of ours, by bulk inserts: what Django admin has to bear."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from audit.models import AccessEntry, AuditEntry, Submission
from decisions.models import Outcome, Verb
from documents.models import Document, Paragraph, Version
from endorsements.models import (
    ChairRemark,
    Circulation,
    ClockRequest,
    Contest,
    Corrigendum,
    Eligible,
    Extension,
    Position,
    Procedure,
    PublishedHead,
    RegisterActor,
    RegisterEntry,
)
from meetings.models import Meeting, MeetingOutcome
from members.models import (
    Admission,
    AdmissionStage,
    AdmissionStep,
    Alias,
    Appointment,
    Body,
    BodyChair,
    BodyMembership,
    FormerName,
    Invitation,
    InvitationBatch,
    Merger,
    OfficialAddress,
    Participant,
    Standing,
    User,
)
from notifications.models import KeptMail, Pause, Tick
from tests.portal.admin_days import at, on
from tests.portal.admin_meetings import put_meetings
from tests.portal.admin_notices import put_notices

BUSY = 45
"""So many rows hang on the last body and the last circulation each."""


class Rows:
    """Fills table after table; each may point at rows of those before it."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.made: dict[type[Model], list[Any]] = {}

    def put(self, model: type[Model], make: Callable[[int], dict[str, Any]]) -> None:
        rows = [model(**make(number)) for number in range(self.count)]
        self.made[model] = model._default_manager.bulk_create(rows, batch_size=1000)

    def of(self, model: type[Model], number: int) -> Any:
        return self.made[model][number % self.count]


def fill(count: int) -> None:
    rows = Rows(count)
    parts = [
        _directory,
        _bodies,
        _people,
        _invitations,
        put_meetings,
        _documents,
        _outcomes,
        _circulations,
        _register,
        put_notices,
    ]
    for part in (*parts, _logs):
        part(rows)


def _directory(rows: Rows) -> None:
    rows.put(
        Participant,
        lambda n: {
            "code": f"P{n}",
            "slug": f"p{n}",
            "kind": "state",
            "short_name": f"Land {n}",
            "sort_key": f"l{n:05}",
        },
    )
    of = rows.of
    rows.put(Alias, lambda n: {"participant": of(Participant, n), "name": f"Alias {n}", "folded": f"alias {n}"})
    rows.put(Standing, lambda n: {"participant": of(Participant, n), "standing": "member", "from_on": on(n)})
    rows.put(FormerName, lambda n: {"participant": of(Participant, n), "short_name": f"Old {n}", "to_on": on(n)})
    rows.put(Merger, lambda n: {"participant": of(Participant, n), "into": of(Participant, n + 1), "on": on(n)})
    rows.put(OfficialAddress, lambda n: {"participant": of(Participant, n), "email": f"m{n}@members.example"})


def _bodies(rows: Rows) -> None:
    of = rows.of
    rows.put(Body, lambda n: {"slug": f"b{n}", "name": f"Body {n}", "kind": "working_group"})
    last = rows.count - BUSY
    for model in (BodyMembership, BodyChair):
        rows.put(
            model,
            lambda n: {"body": of(Body, -1 if n >= last else n), "participant": of(Participant, n), "from_on": on(n)},
        )
    rows.put(AdmissionStage, lambda n: {"slug": f"s{n}", "position": n, "word": f"Word {n}", "body": of(Body, n)})
    rows.put(Admission, lambda n: {"participant": of(Participant, n), "body": of(Body, n)})
    rows.put(
        AdmissionStep,
        lambda n: {"admission": of(Admission, n), "stage": of(AdmissionStage, n), "on": on(n), "source": "a note"},
    )


def _people(rows: Rows) -> None:
    of = rows.of
    rows.put(User, lambda n: {"email": f"u{n}@members.example", "name": f"Person {n}", "password": "!"})
    rows.put(
        Appointment,
        lambda n: {
            "user": of(User, n),
            "role": "focal_point",
            "participant": of(Participant, n),
            "body": of(Body, n),
            "starts_at": at(n),
        },
    )


def _invitations(rows: Rows) -> None:
    of = rows.of
    rows.put(InvitationBatch, lambda n: {"uploaded_by": of(User, n), "file_name": f"list {n}.csv"})
    rows.put(
        Invitation,
        lambda n: {
            "email": f"i{n}@members.example",
            "role": "reviewer",
            "participant": of(Participant, n),
            "body": of(Body, n),
            "token_sha256": f"{n:064}",
            "invited_by": of(User, n),
            "batch": of(InvitationBatch, n),
            "expires_at": at(n),
        },
    )


def _documents(rows: Rows) -> None:
    of = rows.of
    rows.put(
        Document,
        lambda n: {
            "symbol": f"D/{n}",
            "title": f"Paper {n}",
            "kind": "paper",
            "body": of(Body, n),
            "created_by": of(User, n),
            "created_at": at(n),
        },
    )
    rows.put(
        Version,
        lambda n: {
            "document": of(Document, n),
            "number": 1,
            "file_name": f"f{n}.txt",
            "media_type": "text/plain",
            "file_sha256": f"{n:064}",
            "file_size": n,
            "text_sha256": f"{n:064}",
            "created_by": of(User, n),
            "created_at": at(n),
        },
    )
    rows.put(
        Paragraph,
        lambda n: {
            "version": of(Version, n),
            "position": n % 9,
            "kind": "paragraph",
            "number": n % 9,
            "text": f"T {n}",
        },
    )


def _outcomes(rows: Rows) -> None:
    of = rows.of
    rows.put(
        Outcome,
        lambda n: {
            "ref": f"o{n}",
            "actor": "Members",
            "verb": of(Verb, n),
            "text": f"Thing {n}",
            "body": of(Body, n),
            "document": of(Document, n),
            "source_kind": "meeting",
            "source_title": f"Meeting {n}",
            "source_on": on(n),
            "source_path": f"/meetings/me{n}/",
        },
    )
    rows.put(MeetingOutcome, lambda n: {"meeting": of(Meeting, n), "outcome": of(Outcome, n)})


def _circulations(rows: Rows) -> None:
    of = rows.of
    last = rows.count - BUSY
    rows.put(
        Procedure,
        lambda n: {"slug": f"pr{n}", "name": f"Procedure {n}", "body": of(Body, n), "mode": "silence", "sentence": "S"},
    )
    rows.put(
        Circulation,
        lambda n: {
            "ref": f"c{n}",
            "version": of(Version, n),
            "body": of(Body, n),
            "procedure": of(Procedure, n),
            "mode": "silence",
            "sentence": "S",
            "expires_at": at(n),
            "drafted_by": of(User, n),
            "drafted_at": at(n),
        },
    )
    rows.put(
        Eligible,
        lambda n: {"circulation": of(Circulation, -1 if n >= last else n), "participant": of(Participant, n)},
    )
    rows.put(
        RegisterEntry,
        lambda n: {
            "seq": n + 1,
            "at": at(n),
            "act": "circulation.opened",
            "circulation": of(Circulation, n),
            "content": "{}",
            "prev": f"{n:064}",
            "head": f"{n + 1:064}",
        },
    )
    rows.put(
        Position,
        lambda n: {
            "circulation": of(Circulation, n),
            "on_behalf_of": of(Participant, n),
            "actor": of(User, n),
            "appointment": of(Appointment, n),
            "kind": "endorse",
            "recorded_at": at(n),
            "register_entry": of(RegisterEntry, n),
        },
    )


def _deed(rows: Rows, n: int) -> dict[str, object]:
    """Why, by whom and when a deed on a circulation was done, and its entry."""
    entry = rows.of(RegisterEntry, n)
    return {"reason": f"Reason {n}", "actor": rows.of(User, n), "recorded_at": at(n), "register_entry": entry}


def _without_reason(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "reason"}


def _register(rows: Rows) -> None:
    of = rows.of
    rows.put(
        Extension,
        lambda n: {
            "circulation": of(Circulation, n),
            "from_at": at(n),
            "to_at": at(n) + dt.timedelta(days=1),
            **_deed(rows, n),
        },
    )
    rows.put(
        Corrigendum,
        lambda n: {
            "circulation": of(Circulation, n),
            "paragraph": n + 1,
            "said": f"Word {n}",
            "says": f"Words {n}",
            **_deed(rows, n),
        },
    )
    post = lambda n: {"appointment": of(Appointment, n), **_deed(rows, n)}  # noqa: E731
    rows.put(ClockRequest, lambda n: {"circulation": of(Circulation, n), "on_behalf_of": of(Participant, n), **post(n)})
    rows.put(Contest, lambda n: {**post(n), "position": of(Position, n)})
    rows.put(ChairRemark, lambda n: _without_reason({**post(n), "position": of(Position, n), "remark": "noted"}))
    rows.put(
        PublishedHead,
        lambda n: {"day": dt.date(1990, 1, 1) + dt.timedelta(days=n), "head": f"{n:064}", "published_at": at(n)},
    )
    rows.put(RegisterActor, lambda n: {"entry": of(RegisterEntry, n), "user": of(User, n), "salt": "x"})


def _logs(rows: Rows) -> None:
    of = rows.of
    rows.put(
        KeptMail,
        lambda n: {
            "received_at": at(n),
            "message_id": f"<{n}@x>",
            "sender": "a@b.example",
            "recipient": f"u{n}@members.example",
            "subject": f"About {n}",
            "body": "b",
        },
    )
    rows.put(Tick, lambda n: {"name": f"tick {n}", "at": at(n)})
    rows.put(Pause, lambda n: {"until": at(n), "reason": f"Reason {n}"})
    rows.put(
        AuditEntry,
        lambda n: {
            "at": at(n),
            "actor": of(User, n),
            "action": f"thing.done{n % 20}",
            "subject_kind": f"kind{n % 10}",
            "subject_ref": f"r{n}",
        },
    )
    rows.put(
        AccessEntry, lambda n: {"at": at(n), "user": of(User, n), "subject_kind": "circulation", "subject_ref": f"c{n}"}
    )
    rows.put(
        Submission, lambda n: {"key": uuid.uuid4(), "actor": of(User, n), "action": "a", "result_ref": "r", "at": at(n)}
    )
    _history(rows)


def _history(rows: Rows) -> None:
    """Half of the changes are of participants themselves, half of their standing; the last participant has most."""
    own, standing = (ContentType.objects.get_for_model(model) for model in (Participant, Standing))

    def entry(n: int) -> dict[str, Any]:
        is_own = n % 2 == 0
        who = rows.of(Participant, -1 if n % 4 == 0 else n)
        thing = who if is_own else rows.of(Standing, n)
        changes = {"city": [f"Old {n}", f"New {n}"]} if is_own else {"participant": [None, thing.participant_id]}
        return {
            "content_type": own if is_own else standing,
            "object_pk": str(thing.pk),
            "object_id": thing.pk,
            "object_repr": str(n),
            "action": LogEntry.Action.UPDATE if is_own else LogEntry.Action.CREATE,
            "changes": changes,
            "actor": rows.of(User, n),
            "timestamp": at(n),
        }

    rows.put(LogEntry, entry)


def busy_first(model: type[Model]) -> Iterator[Any]:
    """The row on which most hangs, and the first."""
    yield model._default_manager.latest("pk")
    yield model._default_manager.earliest("pk")
