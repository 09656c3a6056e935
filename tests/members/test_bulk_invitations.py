"""Many invitations: each row's fate before anything is sent, pieces that a kill leaves whole, no hostile file."""

import csv
import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from audit.models import AuditEntry
from members import services
from members.invitation_files import MOST_ROWS, rows_of
from members.models import Appointment, Invitation, InvitationBatch, User
from members.rules import NotAllowed
from members.services import batches
from notifications.models import Notice
from tests.factories.circulations import Stage
from tests.factories.directory import UserFactory

pytestmark = pytest.mark.django_db
HEAD = "email,name,role,participant,function,letter,until\n"


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def looked_at(stage: Stage, table: str, by: User | None = None) -> InvitationBatch:
    rows = rows_of("people.csv", (HEAD + table).encode())
    return services.check_batch("people.csv", rows, actor=by or stage.officer, key=uuid.uuid4())


def fates(batch: InvitationBatch) -> list[tuple[str, str]]:
    return [(row["fate"], row["sentence"]) for row in batch.rows]


ROWS = [
    ("New.One@Members.example,Ms One,Reviewer,Aland,Desk,,", "new", "A new account."),
    ("stranger@members.example,,reviewer,BB,,,2090-01-31", "added", "Added to the account there is."),
    ("reviewer.aa@members.example,,reviewer,aa,,,", "held", "This person holds this post already."),
    ("new.two@members.example,,focal point,Osland,,Note 3,", "new", "A new account."),
    ("new.three@members.example,,focal point,OO,,Note 4,", "fault", "Line 5 names another person for this post"),
    ("NEW.one@members.example,,Reviewer,AA,,,", "fault", "The same as line 2."),
    ("x@members.example,,Focal point,AA,,Note 5,", "fault", "Somebody holds this post."),
    ("x@members.example,,Alternate,BB,,,", "fault", "Name the letter"),
    ("x@members.example,,Manager,,,,", "fault", "Your own post does not let you"),
    ("x@members.example,,King,AA,,,", "fault", "“King” is no post."),
    ("x@members.example,,Reviewer,Atlantis,,,", "fault", "“Atlantis” is not in the directory."),
    ("x@,,Reviewer,AA,,,", "fault", "Type the whole address"),
    ("x@members.example,,Reviewer,AA,,,31/12/2090", "fault", "is no day"),
    ("x@members.example,,Reviewer,AA,,,2001-01-01", "fault", "has passed already"),
    ("gone@members.example,,Reviewer,AA,,,", "fault", "The account of this address is closed."),
]


def test_each_row_has_its_fate_and_nothing_is_sent(stage: Stage) -> None:
    UserFactory(email="gone@members.example", is_active=False)
    audit, notices = AuditEntry.objects.count(), Notice.objects.count()
    batch = looked_at(stage, "\n".join(row for row, _, _ in ROWS))
    for (fate, sentence), (row, wanted, words) in zip(fates(batch), ROWS, strict=True):
        assert fate == wanted, row
        assert words in sentence, row
    assert [row["line"] for row in batch.rows] == list(range(2, 17))
    assert AuditEntry.objects.count() == audit + 1
    assert (Notice.objects.count(), Invitation.objects.count()) == (notices, 0)


WITH_BODY = [
    ("c1@members.example,co-chair,BB,Note 1,HG", "new", "A new account."),
    ("c2@members.example,co-chair,CC,Note 2,harbour group", "new", "A new account."),
    ("c3@members.example,co-chair,CC,Note 3,No Group", "fault", "“No Group” is no body of today."),
    ("c4@members.example,reviewer,AA,,HG", "fault", "Only a co-chair belongs to a body."),
]


def test_a_co_chair_of_a_body_is_invited_from_a_file(stage: Stage) -> None:
    """The body by its name or abbreviation, whatever the capitals."""
    head = "email,role,participant,letter,body\n"
    rows = rows_of("people.csv", (head + "\n".join(row for row, _, _ in WITH_BODY)).encode())
    batch = services.check_batch("people.csv", rows, actor=stage.officer, key=uuid.uuid4())
    for (fate, sentence), (row, wanted, words) in zip(fates(batch), WITH_BODY, strict=True):
        assert fate == wanted, (row, sentence)
        assert words in sentence, row
    services.send_batch(batch.pk, actor=stage.officer, key=uuid.uuid4())
    services.run_batches()
    sent = Invitation.objects.order_by("email").values_list("email", "role", "body__slug")
    assert list(sent) == [
        ("c1@members.example", "co_chair", "harbour-group"),
        ("c2@members.example", "co_chair", "harbour-group"),
    ]


@pytest.mark.parametrize("number", [1, 40])
def test_queries_of_looking_do_not_grow(stage: Stage, number: int, django_assert_num_queries: Any) -> None:
    rows = rows_of("a.csv", (HEAD + "".join(f"p{n}@b.example,,reviewer,AA,,,\n" for n in range(number))).encode())
    with django_assert_num_queries(19):
        services.check_batch("a.csv", rows, actor=stage.officer, key=uuid.uuid4())


def test_send_a_batch_sends_what_has_no_fault_once(stage: Stage) -> None:
    batch = looked_at(stage, "\n".join(row for row, _, _ in ROWS[:8]))
    services.run_batches()
    assert not Invitation.objects.exists(), "not before somebody says so"
    notices = Notice.objects.count()
    for _ in range(2):
        services.run_batches()
        if not Invitation.objects.exists():
            services.send_batch(batch.pk, actor=stage.officer, key=uuid.uuid4())
    services.run_batches()
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("done", 8)
    made = Invitation.objects.filter(batch=batch).order_by("pk").values_list("email", "participant__code", "ends_at")
    end = dt.datetime(2090, 1, 31, 17, tzinfo=dt.UTC)
    assert list(made) == [
        ("new.one@members.example", "AA", None),
        ("stranger@members.example", "BB", end),
        ("new.two@members.example", "OO", None),
    ]
    assert Notice.objects.count() == notices + 3
    with pytest.raises(NotAllowed):
        services.send_batch(batch.pk, actor=stage.officer, key=uuid.uuid4())


def test_a_row_that_became_impossible_is_a_fault_and_the_others_go(stage: Stage) -> None:
    batch = looked_at(stage, "a@b.example,,reviewer,AA,,,\nstranger@members.example,,reviewer,AA,,,\n")
    stage.stranger.is_active = False
    stage.stranger.save()
    services.send_batch(batch.pk, actor=stage.officer, key=uuid.uuid4())
    services.run_batches()
    batch.refresh_from_db()
    assert [fate for fate, _ in fates(batch)] == ["done", "fault"]
    assert Invitation.objects.get().email == "a@b.example"


def test_another_of_the_secretariat_sends_it_in_the_own_name(stage: Stage) -> None:
    batch = looked_at(stage, "a@b.example,,reviewer,AA,,,\n")
    services.send_batch(batch.pk, actor=stage.manager, key=uuid.uuid4())
    services.run_batches()
    made = Invitation.objects.get(batch=batch)
    assert made.invited_by == stage.manager
    batch.refresh_from_db()
    assert (batch.uploaded_by, batch.sent_by) == (stage.officer, stage.manager)


def test_an_officer_does_not_send_what_only_a_manager_may_offer(stage: Stage) -> None:
    batch = looked_at(stage, "a@b.example,,reviewer,AA,,,\nb@rso.example,,officer,,,,\n", by=stage.manager)
    with pytest.raises(NotAllowed, match="Line 3 invites to the post Officer, which you may not offer"):
        services.send_batch(batch.pk, actor=stage.officer, key=uuid.uuid4())
    services.run_batches()
    assert not Invitation.objects.exists()
    services.send_batch(batch.pk, actor=stage.manager, key=uuid.uuid4())
    services.run_batches()
    assert Invitation.objects.count() == 2


def test_only_the_secretariat_uploads_and_sends(stage: Stage) -> None:
    batch = looked_at(stage, "a@b.example,,reviewer,AA,,,\n")
    for who in (stage.focal_point, stage.stranger):
        with pytest.raises(NotAllowed):
            services.send_batch(batch.pk, actor=who, key=uuid.uuid4())
    with pytest.raises(NotAllowed):
        looked_at(stage, "a@b.example,,reviewer,AA,,,\n", by=stage.focal_point)


class Killed(BaseException):
    """As a worker that is ended in the middle."""


@pytest.fixture
def killed_at_the_fourth(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The fourth invitation of the process kills it; small pieces."""
    count, add = [0], batches.add_invitation

    def add_or_die(*args: Any, **kwargs: Any) -> Invitation:
        count[0] += 1
        if count[0] == 4:
            raise Killed
        return add(*args, **kwargs)

    monkeypatch.setattr(batches, "PIECE", 2)
    monkeypatch.setattr(batches, "add_invitation", add_or_die)
    return


@pytest.mark.django_db(transaction=True)
def test_a_kill_leaves_no_half_piece_and_a_rerun_sends_none_twice(killed_at_the_fourth: None) -> None:
    stage = Stage()
    batch = looked_at(stage, "".join(f"p{n}@b.example,,reviewer,AA,,,\n" for n in range(7)))
    services.send_batch(batch.pk, actor=stage.officer, key=uuid.uuid4())
    with pytest.raises(Killed):
        services.run_batches()
    batch.refresh_from_db()
    assert (batch.done, Invitation.objects.count()) == (2, 2), "the fourth took the third with it"
    services.run_batches()
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("done", 7)
    assert sorted(Invitation.objects.values_list("email", flat=True)) == [f"p{n}@b.example" for n in range(7)]
    assert Notice.objects.filter(kind="people.invited").count() == 7


def test_the_pages(stage: Stage, client: Client) -> None:
    client.force_login(stage.officer)
    table = HEAD + "a@b.example,=cmd|x,reviewer,AA,,,\n=b@c,@x,reviewer,-AA,,,\n"
    file = SimpleUploadedFile("people.csv", table.encode())
    response = client.post("/people/batches/upload/", {"key": uuid.uuid4(), "file": file})
    assert response.status_code == 302
    page = client.get(response.url).content.decode()
    assert "Send 1 invitation<" in page
    faults = client.get(f"{response.url}faults/")
    cells = list(csv.reader(io.StringIO(faults.content.decode("utf-8-sig"))))[1]
    assert cells[:4] == ["'=b@c", "'@x", "reviewer", "'-AA"]
    assert cells[8] == "3"
    client.post(f"{response.url}send/", {"key": uuid.uuid4()})
    assert '<progress class="w-100 mb-2" id="progress" value="0" max="2">' in client.get(response.url).content.decode()
    services.run_batches()
    assert "1 invitation was sent" in client.get(response.url).content.decode()
    assert "people.csv" in client.get("/people/batches/").content.decode()


def workbook(*rows: list[Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in [["email", "role", "until"], *rows]:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_with_days_and_formulas_as_text() -> None:
    rows = rows_of("p.XLSX", workbook(["a@b.example", "Reviewer", dt.datetime(2030, 1, 31)], [], ["=A2", "Reviewer"]))
    assert rows == [
        (2, {"email": "a@b.example", "role": "Reviewer", "until": "2030-01-31"}),
        (4, {"email": "=A2", "role": "Reviewer", "until": ""}),
    ]


def package(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return file.getvalue()


HOSTILE = {
    "another kind of file": ("people.pdf", b"%PDF"),
    "no workbook": ("people.xlsx", b"PK\x03\x04 nothing"),
    "a text with the name of a workbook": ("people.xlsx", b"email,role\na@b.example,reviewer\n"),
    "a bomb": ("people.xlsx", package(xl__workbook_xml=b"0" * (21 * 1024 * 1024))),
    "many entries": ("people.xlsx", package(**{f"x{n}": b"" for n in range(201)})),
    "macros": ("people.xlsx", package(xl__vbaProject_bin=b"x")),
    "a DOCTYPE": ("people.xlsx", package(xl__workbook_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>')),
    "no sheet in it": ("people.xlsx", package(xl__workbook_xml=b"<x/>")),
    "too large": ("people.csv", b"x" * (1024 * 1024 + 1)),
    "semicolons": ("people.csv", b"email;role\na@b.example;reviewer\n"),
    "Latin-1": ("people.csv", "email,role,name\na@b.example,reviewer,M\xfcller\n".encode("latin-1")),
    "a null": ("people.csv", b"email,role\na@b.example,\x00\n"),
    "an open quotation mark": ("people.csv", b'email,role\n"a@b.example,reviewer\n'),
    "an unknown column": ("people.csv", b"email,role,salary\na@b.example,reviewer,1\n"),
    "a column twice": ("people.csv", b"email,role,email\na@b.example,reviewer,b\n"),
    "no role": ("people.csv", b"email\na@b.example\n"),
    "no row": ("people.csv", b"email,role\n,\n"),
    "nothing": ("people.csv", b""),
    "too many rows": ("people.csv", b"email,role\n" + b"a@b.example,r\n" * (MOST_ROWS + 1)),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(stage: Stage, client: Client, case: str) -> None:
    name, content = HOSTILE[case]
    client.force_login(stage.officer)
    file = SimpleUploadedFile(name, content)
    response = client.post("/people/batches/upload/", {"key": uuid.uuid4(), "file": file})
    assert response.status_code == 200
    assert "Error: Upload a file of invitations" in response.content.decode()
    assert not InvitationBatch.objects.exists()


def test_accounts_and_posts_are_untouched_until_somebody_accepts(stage: Stage) -> None:
    before = (User.objects.count(), Appointment.objects.count())
    batch = looked_at(stage, "a@b.example,,reviewer,AA,,,\n")
    services.send_batch(batch.pk, actor=stage.officer, key=uuid.uuid4())
    services.run_batches()
    assert (User.objects.count(), Appointment.objects.count()) == before
