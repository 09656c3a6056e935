"""An officer's post ends while a deed of theirs is under way: refused at the commit, and nothing is written.

Each deed is held where it has its own lock or is about to write; there the post ends on another connection, committed.
In the twin the question under the lock is taken out, and somebody out of office has done the deed.
"""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from audit.models import AuditEntry, Submission
from documents import services as documents
from documents.models import Document, Version
from documents.refusal import Refused
from endorsements import services
from endorsements.models import Circulation
from endorsements.rules import NotAllowed
from endorsements.services import steps
from members.services import end_appointment
from notifications.enums import Kind
from notifications.models import Notice
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db(transaction=True)
DRAFT = b"A guide.\n\n1. States help each other."


@dataclass(frozen=True)
class Deed:
    """Made ready on a stage; then run. `at` begins the statement at which the post ends."""

    ready: Callable[[Stage], Callable[[], object]]
    at: str


def upload(stage: Stage) -> Callable[[], object]:
    details = {"symbol": "HF/2026/77", "title": "A guide", "kind": "paper", "body": stage.body}
    file = SimpleUploadedFile("guide.txt", DRAFT)
    return lambda: documents.upload_draft(**details, file=file, actor=stage.officer, key=uuid.uuid4())  # type: ignore[arg-type]


def upload_next(stage: Stage) -> Callable[[], object]:
    document, file = stage.version.document, SimpleUploadedFile("guide.txt", DRAFT)
    return lambda: documents.upload_version(document=document, file=file, actor=stage.officer, key=uuid.uuid4())


def confirm(stage: Stage) -> Callable[[], object]:
    version = stage.version
    Version.objects.filter(pk=version.pk).update(left_out=["1 table after paragraph 1 is not shown."])
    return lambda: documents.confirm_version(version, actor=stage.officer, key=uuid.uuid4())


def prepare(stage: Stage) -> Callable[[], object]:
    plan = stage.plan()
    return lambda: services.prepare_circulation(plan, actor=stage.officer, key=uuid.uuid4())


def change(stage: Stage) -> Callable[[], object]:
    circulation, plan = stage.draft(), stage.plan(seconds=7200)
    return lambda: services.change_circulation(circulation.ref, plan, actor=stage.officer, key=uuid.uuid4())


def ask(stage: Stage) -> Callable[[], object]:
    circulation = stage.draft()
    return lambda: services.ask_approval(circulation.ref, actor=stage.officer, key=uuid.uuid4())


def correct(stage: Stage) -> Callable[[], object]:
    circulation, slip = stage.opened(), services.Slip(2, "guide says", "guide sets out", "A word was wrong.")
    return lambda: services.correct_circulation(circulation.ref, slip, actor=stage.officer, key=uuid.uuid4())


DEEDS = {
    "upload": Deed(upload, 'INSERT INTO "documents_document"'),
    "upload next": Deed(upload_next, 'SELECT "documents_document"'),
    "confirm": Deed(confirm, 'SELECT "documents_version"'),
    "prepare": Deed(prepare, 'SELECT "documents_version"'),
    "change": Deed(change, 'SELECT "endorsements_circulation"'),
    "correct": Deed(correct, 'SELECT "endorsements_circulation"'),
    "ask": Deed(ask, 'SELECT "endorsements_circulation"'),
}


def on_another_connection(work: Callable[[], object]) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive(), "the ending waits for the deed"


def all_there_is() -> list[object]:
    """Every row that the deeds write, and the files kept."""
    rows = [model.objects.count() for model in (Document, Version, Submission)]
    rows.append(Notice.objects.exclude(kind=Kind.POST_ENDED.value).count())
    own = AuditEntry.objects.exclude(action="appointment.ended").count()
    states = list(Circulation.objects.order_by("pk").values_list("expires_at", "asked_at"))
    confirmed = list(Version.objects.order_by("pk").values_list("confirmed_at", flat=True))
    files = sum(path.is_file() for path in Path(settings.FILES_DIR).rglob("*"))
    return [rows, own, states, confirmed, files]


@pytest.mark.parametrize("asks", [True, False], ids=["asked", "twin without the question"])
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_does_not_outlive_the_post(name: str, asks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, deed, ended = Stage(), DEEDS[name], threading.Event()
    run, post = deed.ready(stage), stage.officer.appointments.get()
    if not asks:
        monkeypatch.setattr(steps, "require_staff", lambda actor: None)
        monkeypatch.setattr(documents, "require_staff", lambda actor: None)

    def ends_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        is_lock = not sql.startswith("SELECT") or "FOR " in sql
        if sql.startswith(deed.at) and is_lock and not ended.is_set():
            ended.set()
            result = execute(sql, *rest)
            on_another_connection(lambda: end_appointment(post.pk, actor=None, reason="Moved"))
            return result
        return execute(sql, *rest)

    before = all_there_is()
    with connection.execute_wrapper(ends_meanwhile):
        if asks:
            with pytest.raises((NotAllowed, Refused), match="Your post in the secretariat has ended"):
                run()
        else:
            run()
    assert ended.is_set()
    post.refresh_from_db()
    assert post.ends_at is not None
    assert (all_there_is() == before) is asks
