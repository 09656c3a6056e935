"""The pages: an officer's journey, each error at its place, nobody else."""

import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AccessEntry, AuditEntry
from documents import files
from documents.models import Document, Version
from documents.services import release_version
from members.models import Body, User
from tests.documents import word_files as w
from tests.documents.conftest import DRAFT, Upload, text_file
from tests.documents.test_services import with_table

SignIn = Callable[[User], Client]
LIST, UPLOAD = "/documents/", "/documents/upload/"
AT = dt.datetime(2019, 7, 5, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def client(officer: User, signed_in: SignIn) -> Client:
    return signed_in(officer)


def form(owner: Body, **changes: object) -> dict[str, object]:
    return {
        "symbol": "AHG/2019/2",
        "title": "Policy Guide on Return",
        "kind": "policy_guide",
        "body": owner.pk,
        "file": text_file(),
        "key": str(uuid.uuid4()),
        **changes,
    }


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_officer_uploads_and_sees_the_paragraphs(client: Client, body: Body, officer: User) -> None:
    page = text_of(client.get(UPLOAD))
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert key
    response = client.post(UPLOAD, form(body, key=key[1]), follow=True)
    version = Version.objects.get()
    assert response.redirect_chain == [(f"/documents/{version.document_id}/versions/1/", 302)]
    page = text_of(response)
    assert '<div class="para" id="p1"><a class="n" href="#p1">' in page
    assert '<span class="quiet">(a)</span> It is not binding.' in page
    assert "AHG/2019/2 was uploaded" in page
    assert f"circulation-prepare/?version={version.pk}" in page or f"/prepare/?version={version.pk}" in page
    assert " ".join(re.findall("....", version.file_sha256)) in page
    assert version.created_by == officer


def test_double_submit_makes_one_document(client: Client, body: Body) -> None:
    key = str(uuid.uuid4())
    answers = [client.post(UPLOAD, form(body, key=key)) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0].url == answers[1].url  # type: ignore[attr-defined]
    assert (Document.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_form_sent_again_with_another_file_is_told(client: Client, body: Body) -> None:
    key = str(uuid.uuid4())
    client.post(UPLOAD, form(body, key=key))
    page = text_of(client.post(UPLOAD, form(body, key=key, symbol="AHG/2019/3")))
    assert "This form was used already, for AHG/2019/2, version 1." in page
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"symbol": ""}, "symbol", "Give the document a symbol"),
        ({"symbol": "A B"}, "symbol", "Use letters and digits"),
        ({"title": " "}, "title", "Give the document a title."),
        ({"title": "x" * 201}, "title", "at most 200 characters"),
        ({"kind": ""}, "kind", "Choose a kind."),
        ({"kind": "novel"}, "kind", "Choose one of the kinds"),
        ({"body": "999999"}, "body", "Choose one of the bodies"),
        ({"file": ""}, "file", "Choose the file that holds the draft."),
        ({"file": text_file(b"")}, "file", "The file is empty."),
        ({"file": text_file(b"\x00")}, "file", "control character"),
        ({"file": text_file(b"%PDF-1", "a.pdf")}, "file", "A PDF has no paragraphs"),
        ({"file": text_file(b"%PDF-1", "a.docx")}, "file", "not a Word document"),
        ({"file": text_file(b"x" * (20 * 1024 * 1024 + 1))}, "file", "at most 20 MB"),
        ({"file": text_file("é".encode("latin-1"))}, "file", "not in UTF-8"),
    ],
)
def test_upload_says_what_is_wrong_at_the_field(
    changes: dict[str, object], field: str, sentence: str, client: Client, body: Body
) -> None:
    response = client.post(UPLOAD, form(body, **changes))
    page = text_of(response)
    assert response.status_code == 200
    assert "<title>Error: " in page
    assert 'role="alert"' in page
    assert re.search(rf'<p class="err" id="id_{field}_error">[^<]*{sentence}', page)
    assert re.search(rf'name="{field}"[^>]*is-invalid', page)
    assert f'href="#id_{field}"' in page
    if field != "title":
        assert 'value="Policy Guide on Return"' in page
    assert Document.objects.count() == 0


def test_upload_asks_to_choose_the_file_again(client: Client, body: Body) -> None:
    page = text_of(client.post(UPLOAD, form(body, symbol="A B")))
    assert "Choose the file again" in page
    assert 'value="A B"' in page


def test_upload_refuses_a_symbol_that_is_taken(client: Client, upload: Upload, body: Body) -> None:
    upload()
    page = text_of(client.post(UPLOAD, form(body, symbol="ahg/2019/2")))
    assert "“Policy Guide on Return” has this symbol." in page
    assert Document.objects.count() == 1


def test_upload_without_key_is_told(client: Client, body: Body) -> None:
    page = text_of(client.post(UPLOAD, form(body, key="")))
    assert "This page is out of date." in page
    assert Document.objects.count() == 0


def test_new_version(client: Client, upload: Upload) -> None:
    document = upload().document
    url = reverse("documents:version-upload", args=[document.pk])
    assert "Upload a new version" in text_of(client.get(url))
    data = {"file": text_file(b"The second text."), "key": str(uuid.uuid4())}
    page = text_of(client.post(url, data, follow=True))
    assert "The second text." in page
    assert document.versions.count() == 2
    page = text_of(client.post(url, {"file": text_file(b""), "key": str(uuid.uuid4())}))
    assert "The file is empty." in page


def test_what_was_left_out_is_confirmed_before_circulation(client: Client, upload: Upload) -> None:
    version = upload(data=with_table(), name="a.docx")
    page = text_of(client.get(version.get_absolute_url()))
    assert '<div class="remark warn' in page
    assert "1 table after paragraph 1 is not shown." in page
    assert "Prepare a circulation" not in page
    url = reverse("documents:version-confirm", args=[version.document_id, 1])
    page = text_of(client.post(url, {"key": str(uuid.uuid4())}))
    assert "Tick the box when you have read the list." in page
    page = text_of(client.post(url, {"key": str(uuid.uuid4()), "is_read": "on"}, follow=True))
    assert "Read and confirmed by officer" in page
    assert "Prepare a circulation" in page


def test_released_version_says_so(client: Client, upload: Upload) -> None:
    version = upload()
    with transaction.atomic():
        release_version(version, at=AT)
    assert "It was released on 5 July 2019" in text_of(client.get(version.get_absolute_url()))


def test_file_is_sent_as_it_was_uploaded(client: Client, upload: Upload, officer: User) -> None:
    version = upload(name="Résumé “draft”.txt")
    response = client.get(reverse("documents:version-file", args=[version.document_id, 1]))
    assert response.content == DRAFT
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    entry = AccessEntry.objects.get()
    assert (entry.user, entry.subject_kind, entry.subject_ref) == (officer, "version_file", str(version.pk))


@pytest.mark.parametrize("name", ["version-file", "version-detail"])
def test_changed_file_is_refused(name: str, client: Client, upload: Upload) -> None:
    version = upload()
    files.path_of(version.file_sha256).write_bytes(DRAFT.replace(b"not binding", b"now binding"))
    response = client.get(reverse(f"documents:{name}", args=[version.document_id, 1]))
    page = text_of(response)
    assert response.status_code == 409
    assert "has changed on the disk" in page
    assert version.file_sha256[:4] in page
    assert "binding" not in page
    assert AccessEntry.objects.count() == 0


def test_changed_text_is_refused(client: Client, upload: Upload) -> None:
    version = upload()
    version.paragraphs.filter(number=1).update(text="Changed.")
    response = client.get(version.get_absolute_url())
    assert response.status_code == 409
    assert "no longer gives the text that was filed" in text_of(response)


def test_markup_in_a_draft_is_shown_as_text(client: Client, upload: Upload) -> None:
    evil = b"<script>alert(1)</script> and <img src=x onerror=alert(1)>."
    version = upload(data=evil, title="<b>Title</b>", name="<i>.txt")
    page = text_of(client.get(version.get_absolute_url()))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "<b>Title" not in page
    assert "&lt;i&gt;.txt" in page


PAGES = ["document-list", "document-upload", "document-detail", "version-detail", "version-upload", "version-file"]


def page_url(name: str, version: Version) -> str:
    args = {"document-list": [], "document-upload": [], "document-detail": [version.document_id]}
    default = [version.document_id] if name == "version-upload" else [version.document_id, version.number]
    return reverse(f"documents:{name}", args=args.get(name, default))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["stranger", "focal_point"])
def test_draft_is_not_there_for_others(
    name: str, who: str, upload: Upload, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    other = signed_in(request.getfixturevalue(who))
    version = upload()
    assert other.get(page_url(name, version)).status_code == 404
    if name.endswith("upload"):
        assert other.post(page_url(name, version), {}).status_code == 404
    confirm = reverse("documents:version-confirm", args=[version.document_id, 1])
    assert other.post(confirm, {}).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_asked_to(name: str, upload: Upload) -> None:
    url = page_url(name, upload())
    response = Client().get(url)
    assert response.status_code == 302
    assert response.url == f"/accounts/login/?next={url}"  # type: ignore[attr-defined]


def test_published_document_needs_no_account(upload: Upload, stranger: User, signed_in: SignIn) -> None:
    version = upload(data=with_table(), name="a.docx")
    Version.objects.update(released_at=AT)
    Document.objects.update(state="published", audience="public")
    for reader in (Client(), signed_in(stranger)):
        for name in ("document-detail", "version-detail", "version-file"):
            assert reader.get(page_url(name, version)).status_code == 200
        page = text_of(reader.get(version.get_absolute_url()))
        assert "Not carried over" not in page
        assert "Upload" not in page
        assert "Prepare a circulation" not in page
    assert AccessEntry.objects.count() == 1
    assert signed_in(stranger).get(page_url("version-upload", version)).status_code == 403


def test_endorsed_document_takes_no_version(client: Client, upload: Upload) -> None:
    version = upload()
    Document.objects.update(state="endorsed")
    assert client.get(page_url("version-upload", version)).status_code == 403
    page = text_of(client.get(version.get_absolute_url()))
    assert "Upload a new version" not in page
    assert "Prepare a circulation" not in page


def test_empty_list_says_what_to_do(client: Client) -> None:
    page = text_of(client.get(LIST))
    assert "No document was uploaded yet." in page
    assert "Upload a draft" in page


def test_list_shows_long_names_and_samples(client: Client, upload: Upload) -> None:
    title = "W" * 200
    upload("X" * 40, title=title, is_sample=True)
    page = text_of(client.get(LIST))
    assert title in page
    assert '<strong class="note">Sample</strong>' in page
    assert '<span class="chip s-draft">Draft</span>' in page


def test_list_pages(client: Client, upload: Upload) -> None:
    first = upload("A/0")
    Document.objects.bulk_create(
        Document(symbol=f"B/{n}", title="T", kind="paper", body=first.document.body) for n in range(60)
    )
    page = text_of(client.get(LIST))
    assert "61 documents" in page
    assert "Page 1 of 2" in page
    assert "Page 2 of 2" in text_of(client.get(f"{LIST}?page=99"))
    assert "Page 1 of 2" in text_of(client.get(f"{LIST}?page=x"))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_queries(rows: int, client: Client, upload: Upload) -> None:
    for n in range(rows):
        upload(f"A/{n}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(LIST)
    assert len(queries) == 7, [query["sql"][:90] for query in queries]


@pytest.mark.parametrize("rows", [1, 3])
def test_version_queries(rows: int, client: Client, upload: Upload) -> None:
    version = upload(data=b"\n\n".join(b"The members agree." for _ in range(rows)))
    with CaptureQueriesContext(connection) as queries:
        client.get(version.get_absolute_url())
    assert len(queries) == 8, [query["sql"][:90] for query in queries]
    with CaptureQueriesContext(connection) as queries:
        client.get(version.document.get_absolute_url())
    assert len(queries) == 7, [query["sql"][:90] for query in queries]


def test_reading_changes_nothing(client: Client, upload: Upload) -> None:
    version = upload()
    before = (Version.objects.values().get(), Document.objects.values().get(), AuditEntry.objects.count())
    for name in PAGES:
        client.get(page_url(name, version))
        client.head(page_url(name, version))
    assert (Version.objects.values().get(), Document.objects.values().get(), AuditEntry.objects.count()) == before
    confirm = reverse("documents:version-confirm", args=[version.document_id, 1])
    assert client.get(confirm).status_code == 405


def test_word_file_by_the_form(client: Client, body: Body) -> None:
    page = text_of(client.post(UPLOAD, form(body, file=text_file(w.plain_word(), "draft.docx")), follow=True))
    assert "The members take note of the report." in page


@pytest.mark.parametrize("model", ["document", "version", "paragraph"])
def test_admin_is_to_look_at(model: str, upload: Upload, signed_in: SignIn) -> None:
    version = upload()
    admin = signed_in(User.objects.create_superuser("admin@rso.example", "a long password"))
    base = f"/admin/documents/{model}/"
    page = text_of(admin.get(base, {"q": "AHG"}))
    assert "AHG/2019/2" in page
    pk = {"document": version.document_id, "version": version.pk, "paragraph": version.paragraphs.first().pk}[model]  # type: ignore[union-attr]
    assert admin.get(f"{base}{pk}/change/").status_code == 200
    assert admin.post(f"{base}{pk}/change/", {"state": "endorsed"}).status_code == 403
    assert admin.get(f"{base}add/").status_code == 403
    assert admin.post(f"{base}{pk}/delete/", {"post": "yes"}).status_code == 403
