"""Each deed: its rows, one audit row, its file; on refusal nothing at all."""

import datetime as dt
import threading
import uuid
from pathlib import Path

import docx
import pytest
from django.conf import settings
from django.db import Error, connection, transaction

from audit.models import AuditEntry, Submission
from documents import files, services
from documents.access import must_confirm
from documents.models import Document, Paragraph, Version
from documents.paragraphs import text_sha256
from documents.refusal import Refused
from documents.rules import NotAllowed
from documents.services import confirm_version, move_document, release_version, upload_draft, upload_version
from members.models import Body, User
from tests.documents import word_files as w
from tests.documents.conftest import DRAFT, Upload, text_file
from tests.documents.hostile import HOSTILE

AT = dt.datetime(2019, 7, 5, 10, 0, tzinfo=dt.UTC)


def kept() -> list[Path]:
    return [path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()]


def with_table() -> bytes:
    document = docx.Document()
    document.add_paragraph("The members agree.")
    document.add_table(1, 1)
    return w.saved(document)


def nothing_happened() -> bool:
    rows = [model.objects.count() for model in (Document, Version, Paragraph, AuditEntry, Submission)]
    return rows == [0] * 5 and kept() == []


def test_upload_draft_makes_document_version_paragraphs_and_one_audit_row(upload: Upload, officer: User) -> None:
    version = upload()
    document = version.document
    assert (document.symbol, document.state, document.audience) == ("AHG/2019/2", "drafting", "body")
    assert (version.number, version.file_name, version.media_type) == (1, "draft.txt", "text/plain")
    assert (version.file_size, version.left_out, version.released_at) == (len(DRAFT), [], None)
    assert files.read(version.file_sha256) == DRAFT
    assert [(p.position, p.kind, p.number, p.label, p.text) for p in version.paragraphs.all()] == [
        (1, "heading", None, "", "POLICY GUIDE ON RETURN"),
        (2, "heading", None, "A.", "Purpose"),
        (3, "paragraph", 1, "1.", "This guide helps members to organise returns."),
        (4, "paragraph", 2, "(a)", "It is not binding."),
    ]
    found = text_sha256(version.paragraphs.values_list("number", "label", "text"))
    assert version.text_sha256 == found
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject_kind) == ("document.uploaded", officer, "document")
    assert (entry.subject_ref, entry.subject_label) == (str(document.pk), "AHG/2019/2")
    assert entry.detail["file"] == version.file_sha256
    assert [path.stat().st_size for path in kept()] == [len(DRAFT)]


def test_upload_draft_from_word(upload: Upload) -> None:
    version = upload(data=with_table(), name="Draft.DOCX")
    assert version.left_out == ["1 table after paragraph 1 is not shown."]
    assert version.media_type.endswith("wordprocessingml.document")


@pytest.mark.parametrize("case", ["empty", "NUL", "DOCTYPE in the text", "external template", "over 20 MB", "pdf"])
def test_upload_draft_refused_leaves_nothing(case: str, upload: Upload) -> None:
    name, make = HOSTILE[case]
    with pytest.raises(Refused) as refused:
        upload(data=make(), name=name)
    assert refused.value.field == "file"
    assert nothing_happened()


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"symbol": "A B"}, "symbol"),
        ({"symbol": ""}, "symbol"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"kind": "novel"}, "kind"),
    ],
)
def test_upload_draft_refuses_details(details: dict[str, str], field: str, upload: Upload) -> None:
    with pytest.raises(Refused) as refused:
        upload(**details)
    assert refused.value.field == field
    assert nothing_happened()


def test_upload_draft_refuses_a_symbol_that_is_taken(upload: Upload) -> None:
    upload()
    with pytest.raises(Refused, match="has this symbol") as refused:
        upload("ahg/2019/2", data=b"Another text.")
    assert refused.value.field == "symbol"
    assert (Document.objects.count(), AuditEntry.objects.count(), len(kept())) == (1, 1, 1)


def test_upload_draft_that_fails_at_the_last_step_leaves_nothing(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills up when the file gets its place: the rows go back, and no part of the file stays."""
    real = files.keep

    def keep(staged: files.Staged) -> None:
        real(staged)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(services.files, "keep", keep)
    with pytest.raises(OSError, match="No space"):
        upload()
    assert nothing_happened()


def test_failed_upload_keeps_the_file_of_another_document(upload: Upload) -> None:
    upload("A/1")
    with pytest.raises(Refused):
        upload("a/1")
    assert len(kept()) == 1
    upload("A/2")
    assert len(kept()) == 1
    assert Version.objects.count() == 2


def test_upload_draft_twice_with_one_key_makes_one(officer: User, body: Body) -> None:
    key = uuid.uuid4()
    details = {"title": "T", "kind": "paper", "body": body, "actor": officer, "key": key}
    first = upload_draft(symbol="A/1", file=text_file(), **details)
    assert upload_draft(symbol="A/1", file=text_file(), **details) == first
    assert (Document.objects.count(), Version.objects.count(), AuditEntry.objects.count()) == (1, 1, 1)
    with pytest.raises(Refused, match="used already, for A/1, version 1"):
        upload_draft(symbol="A/2", file=text_file(), **details)
    with pytest.raises(Refused, match="used already, for A/1, version 1"):
        upload_draft(symbol="A/1", file=text_file(b"Another text."), **details)
    assert (Document.objects.count(), Version.objects.count(), len(kept())) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_upload_draft_in_parallel_makes_one(officer: User, body: Body) -> None:
    key, found = uuid.uuid4(), []

    def send() -> None:
        try:
            found.append(
                upload_draft(
                    symbol="A/1", title="T", kind="paper", body=body, file=text_file(), actor=officer, key=key
                ).pk
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert (Document.objects.count(), Version.objects.count(), AuditEntry.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_documents_with_one_symbol_in_parallel_make_one(officer: User, body: Body) -> None:
    outcomes: list[str] = []

    def send() -> None:
        details = {"title": "T", "kind": "paper", "body": body, "actor": officer, "key": uuid.uuid4()}
        try:
            upload_draft(symbol="A/1", file=text_file(), **details)  # type: ignore[arg-type]
            outcomes.append("made")
        except Refused as refused:
            outcomes.append(refused.field)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "symbol", "symbol"]
    assert files.read(Version.objects.get().file_sha256) == DRAFT


def test_upload_version_adds_the_next_number(upload: Upload, officer: User) -> None:
    document = upload().document
    second = upload_version(document=document, file=text_file(b"A new text."), actor=officer, key=uuid.uuid4())
    assert second.number == 2
    assert document.versions.count() == 2
    assert AuditEntry.objects.filter(action="document.version_uploaded").count() == 1


def test_upload_version_refuses_an_endorsed_document(upload: Upload, officer: User) -> None:
    document = upload().document
    Document.objects.update(state="endorsed")
    with pytest.raises(NotAllowed, match="is endorsed"):
        upload_version(document=document, file=text_file(b"A new text."), actor=officer, key=uuid.uuid4())
    assert (document.versions.count(), len(kept())) == (1, 1)


def test_upload_version_with_a_used_key(upload: Upload, officer: User) -> None:
    one, other, key = upload("A/1").document, upload("A/2").document, uuid.uuid4()
    made = upload_version(document=one, file=text_file(b"A new text."), actor=officer, key=key)
    assert upload_version(document=one, file=text_file(b"A new text."), actor=officer, key=key) == made
    with pytest.raises(Refused, match="used already"):
        upload_version(document=other, file=text_file(b"A new text."), actor=officer, key=key)
    assert Version.objects.count() == 3


def test_confirm_version_once(upload: Upload, officer: User, manager: User) -> None:
    version = upload(data=with_table(), name="a.docx")
    assert must_confirm(version)
    first = confirm_version(version, actor=officer, key=uuid.uuid4())
    again = confirm_version(version, actor=manager, key=uuid.uuid4())
    assert not must_confirm(first)
    assert (again.confirmed_by, again.confirmed_at) == (officer, first.confirmed_at)
    assert AuditEntry.objects.filter(action="document.version_confirmed").count() == 1


def test_release_version_once(upload: Upload) -> None:
    version = upload()
    with transaction.atomic():
        release_version(version, at=AT)
        release_version(version, at=AT + dt.timedelta(days=1))
    version.refresh_from_db()
    assert version.released_at == AT
    assert AuditEntry.objects.count() == 1


def test_release_version_waits_for_the_confirmation(upload: Upload, officer: User) -> None:
    version = upload(data=with_table(), name="a.docx")
    with pytest.raises(NotAllowed, match="First confirm"), transaction.atomic():
        release_version(version, at=AT)
    confirm_version(version, actor=officer, key=uuid.uuid4())
    with transaction.atomic():
        release_version(version, at=AT)
    assert Version.objects.get().released_at == AT


def test_release_version_refuses_a_changed_file(upload: Upload) -> None:
    version = upload()
    files.path_of(version.file_sha256).write_bytes(b"another text")
    with pytest.raises(files.FileChanged), transaction.atomic():
        release_version(version, at=AT)
    assert Version.objects.get().released_at is None


def test_release_version_refuses_a_changed_text(upload: Upload) -> None:
    version = upload()
    version.paragraphs.filter(number=1).update(text="This guide binds members.")
    with pytest.raises(files.FileChanged, match="no longer gives the text"), transaction.atomic():
        release_version(version, at=AT)


CHANGES = [
    "UPDATE documents_version SET file_sha256 = repeat('0', 64)",
    "UPDATE documents_version SET released_at = NULL",
    "UPDATE documents_version SET released_at = now()",
    "UPDATE documents_version SET left_out = '[]', number = 9",
    "DELETE FROM documents_paragraph",
    "DELETE FROM documents_version",
    "UPDATE documents_paragraph SET text = 'This guide binds members.'",
    "UPDATE documents_paragraph SET number = number + 1",
    "INSERT INTO documents_paragraph (version_id, position, kind, label, text) SELECT id, 99, 'paragraph', '', 'x' "
    "FROM documents_version",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_released_version_refuses_every_change(statement: str, upload: Upload) -> None:
    version = upload()
    with transaction.atomic():
        release_version(version, at=AT)
    with pytest.raises(Error, match=r"is released|violates foreign key"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("statement", [one for one in CHANGES if "DELETE FROM documents_version" not in one])
def test_twin_version_that_is_not_released_takes_changes(statement: str, upload: Upload) -> None:
    upload()
    with transaction.atomic():
        connection.cursor().execute(statement)


def test_paragraph_cannot_move_into_a_released_version(upload: Upload) -> None:
    one, other = upload("A/1"), upload("A/2")
    with transaction.atomic():
        release_version(one, at=AT)
    with pytest.raises(Error, match="is released"), transaction.atomic():
        Paragraph.objects.filter(version=other, position=1).update(version=one, position=50)


def test_released_version_takes_an_update_that_sets_nothing(upload: Upload) -> None:
    version = upload()
    with transaction.atomic():
        release_version(version, at=AT)
    Version.objects.update(number=1)
    assert Version.objects.get().number == 1


def test_move_document(upload: Upload, officer: User) -> None:
    document = upload().document
    with transaction.atomic():
        move_document(document, "circulated", actor=officer, reason="ahg-2019-2-v1")
        move_document(document, "circulated")
    assert Document.objects.get().state == document.state == "circulated"
    with pytest.raises(NotAllowed), transaction.atomic():
        move_document(document, "published")
    assert AuditEntry.objects.count() == 1
