"""The page of what changed between two versions: words marked, the rest folded, nobody else."""

import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import AccessEntry
from documents.models import Version
from documents.services import release_version, upload_version
from members.models import User
from tests.documents.conftest import Upload, text_file

SignIn = Callable[[User], Client]
OLD = """POLICY GUIDE ON RETURN

1. Members shall return 10 000 persons within 30 working days.

2. Nothing is said in this paragraph that anybody would ever wish to change.

3. The secretariat keeps a list of contact points and sends it to all members.

4. This paragraph is about boats <b>only</b>.
"""
NEW = """POLICY GUIDE ON RETURN

1. The secretariat keeps a list of contact points and sends it to all members.

2. Members should return 10 500 persons within 30 working days.

3. Nothing is said in this paragraph that anybody would ever wish to change.

4. Counselling is offered before every departure.
"""


@pytest.fixture
def client(officer: User, signed_in: SignIn) -> Client:
    return signed_in(officer)


@pytest.fixture
def two(upload: Upload, officer: User) -> Version:
    """Version 2 of a document, with its file."""
    first = upload(data=OLD.encode())
    return next_version(first, officer, NEW)


def next_version(before: Version, officer: User, text: str) -> Version:
    file = text_file(text.encode())
    return upload_version(document=before.document, file=file, actor=officer, key=uuid.uuid4())


def changes(version: Version, old: int = 1, new: int = 2) -> str:
    return f"/documents/{version.document_id}/changes/{old}/{new}/"


def test_words_are_marked_and_moves_are_said(client: Client, two: Version) -> None:
    page = client.get(changes(two)).content.decode()
    assert "1 paragraph changed, 1 moved, 1 new, 1 deleted." in page
    assert "Members <del>shall</del><ins>should</ins> return <del>10 000</del><ins>10 500</ins> persons" in page
    assert 'moved to <a href="#p1">paragraph 1</a>' in page
    assert "Moved: paragraph 3 of version 1" in page
    assert "Changed: paragraph 1 of version 1" in page
    assert "<ins>Counselling is offered before every departure.</ins>" in page
    assert "<del>This paragraph is about boats &lt;b&gt;only&lt;/b&gt;.</del>" in page, "text is never markup"
    assert "Deleted: paragraph 4 of version 1" in page
    assert "Paragraph 3, without a change" in page


def test_unchanged_paragraphs_are_folded_and_headings_stand(client: Client, two: Version) -> None:
    page = client.get(changes(two)).content.decode()
    before, _, fold = page.partition("<details>")
    assert "POLICY GUIDE ON RETURN" in before
    assert "Nothing is said in this paragraph" in fold.partition("</details>")[0]


def test_other_numbers_in_the_file_are_shown_and_no_change(client: Client, upload: Upload, officer: User) -> None:
    second = next_version(upload(data=b"(a) The only paragraph."), officer, "(b) The only paragraph.")
    page = client.get(changes(second)).content.decode()
    assert "No word changed." in page
    assert '<del class="quiet">(a)</del> <span class="quiet">(b)</span> The only paragraph.' in page


def test_split_has_a_number_for_each_part(client: Client, upload: Upload, officer: User) -> None:
    first = "The members agreed on a list of all the contact points."
    second = "The secretariat keeps it and sends it to every member once a year."
    version = next_version(upload(data=f"1. {first} {second}".encode()), officer, f"1. {first}\n\n2. {second}")
    page = client.get(changes(version)).content.decode()
    assert "1 paragraph split." in page
    assert "Split in 2: paragraph 1 of version 1." in page
    assert 'id="p1"' in page
    assert 'id="p2"' in page


def test_merger_shows_where_a_paragraph_ended(client: Client, upload: Upload, officer: User) -> None:
    first = "The members agreed on a list of all the contact points."
    second = "The secretariat keeps it and sends it to every member once a year."
    version = next_version(upload(data=f"1. {first}\n\n2. {second}".encode()), officer, f"1. {first} {second}")
    page = client.get(changes(version)).content.decode()
    assert "Merged: paragraphs 1 and 2 of version 1." in page
    assert "<del> ¶ </del>" in page


def test_any_two_versions_can_be_chosen(client: Client, two: Version, officer: User) -> None:
    next_version(two, officer, OLD)
    choose = f"/documents/{two.document_id}/changes/"
    assert client.get(choose).headers["Location"] == changes(two, 2, 3)
    assert client.get(f"{choose}?old=1&new=3").headers["Location"] == changes(two, 1, 3)
    assert client.get(f"{choose}?old=3&new=2").headers["Location"] == changes(two, 1, 2), "the one before"
    assert client.get(f"{choose}?old=x&new=9").headers["Location"] == changes(two, 2, 3)
    assert "No word changed." in client.get(changes(two, 1, 3)).content.decode()
    assert '<option value="1" selected>' in client.get(changes(two, 1, 3)).content.decode()


@pytest.mark.parametrize(("old", "new"), [(2, 1), (1, 1), (1, 3), (0, 2)])
def test_versions_that_are_not_there_or_backwards(client: Client, two: Version, old: int, new: int) -> None:
    assert client.get(changes(two, old, new)).status_code == 404


def test_one_version_alone_has_no_changes(client: Client, upload: Upload) -> None:
    assert client.get(f"/documents/{upload().document_id}/changes/").status_code == 404


def test_nobody_outside_the_secretariat_reads_it(
    two: Version, signed_in: SignIn, focal_point: User, stranger: User
) -> None:
    for user in (focal_point, stranger):
        assert signed_in(user).get(changes(two)).status_code == 404
        assert signed_in(user).get(f"/documents/{two.document_id}/changes/").status_code == 404
    assert Client().get(changes(two)).status_code == 302


def test_changed_text_is_refused(client: Client, two: Version) -> None:
    paragraph = two.paragraphs.get(number=2)
    paragraph.text += " Or not."
    paragraph.save()
    response = client.get(changes(two))
    assert response.status_code == 409
    assert "Members should" not in response.content.decode()


def test_table_of_versions_leads_to_the_changes(client: Client, two: Version) -> None:
    page = client.get(two.document.get_absolute_url()).content.decode()
    assert page.count("/changes/") == 1
    assert changes(two) in page


def test_queries_do_not_grow_with_the_text(client: Client, two: Version, officer: User) -> None:
    client.get(changes(two))
    with CaptureQueriesContext(connection) as few:
        client.get(changes(two))
    next_version(two, officer, "\n\n".join(f"{n}. Paragraph about matter {n}." for n in range(1, 60)))
    with CaptureQueriesContext(connection) as many:
        client.get(changes(two, 2, 3))
    assert len(many) == len(few) <= 15


def test_word_document_with_tracked_changes_is_saved_and_logged(client: Client, two: Version, officer: User) -> None:
    response = client.get(f"{changes(two)}file/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="AHG-2019-2-changes-1-2.docx"'
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    xml = zipfile.ZipFile(io.BytesIO(response.content)).read("word/document.xml").decode()
    assert 'w:author="Secretariat"' in xml
    assert f'w:date="{two.created_at:%Y-%m-%dT%H:%M:%SZ}"' in xml
    entry = AccessEntry.objects.get()
    assert (entry.user, entry.subject_kind, entry.subject_ref) == (officer, "changes_file", str(two.pk))


def test_changes_carry_the_day_of_the_release(client: Client, two: Version) -> None:
    with transaction.atomic():
        release_version(two, at=dt.datetime(2019, 7, 5, 10, 0, tzinfo=dt.UTC))
    xml = zipfile.ZipFile(io.BytesIO(client.get(f"{changes(two)}file/").content)).read("word/document.xml").decode()
    assert 'w:date="2019-07-05T10:00:00Z"' in xml


def test_word_document_is_for_the_readers_of_both_versions_alone(
    client: Client, two: Version, signed_in: SignIn, focal_point: User
) -> None:
    assert signed_in(focal_point).get(f"{changes(two)}file/").status_code == 404
    assert client.get(f"{changes(two, 2, 1)}file/").status_code == 404
    two.paragraphs.filter(number=2).update(text="Other words.")
    assert client.get(f"{changes(two)}file/").status_code == 409
    assert not AccessEntry.objects.exists()
