"""Who sees what, by reader and state of the document."""

import datetime as dt
import uuid

import pytest
from django.db import transaction
from django.http import Http404

from documents import access
from documents.enums import DocumentState as S
from documents.files import FileChanged
from documents.models import Document, Version
from documents.services import release_version, upload_version
from members.access import NOBODY, reader_of
from members.models import User
from tests.documents.conftest import Upload, text_file

AT = dt.datetime(2019, 7, 5, 10, 0, tzinfo=dt.UTC)


def publish(version: Version, audience: str = "public") -> None:
    with transaction.atomic():
        release_version(version, at=AT)
    Document.objects.filter(pk=version.document_id).update(state="published", audience=audience)
    version.document.refresh_from_db()


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("audience", ["body", "members", "members_and_observers", "public"])
def test_visible_to(
    state: S, audience: str, upload: Upload, officer: User, manager: User, focal_point: User, stranger: User
) -> None:
    version = upload()
    publish(version, audience)
    Document.objects.update(state=state.value)
    is_public = state == S.PUBLISHED and audience == "public"
    for user in (officer, manager):
        assert access.visible_to(reader_of(user)).count() == 1
    for reader in (reader_of(focal_point), reader_of(stranger), NOBODY):
        assert access.visible_to(reader).count() == is_public
        if not is_public:
            with pytest.raises(Http404):
                access.get_document(version.document_id, reader)


def test_public_reads_the_latest_released_version_alone(upload: Upload, officer: User) -> None:
    first = upload()
    document = first.document
    second, third = (
        upload_version(document=document, file=text_file(text), actor=officer, key=uuid.uuid4())
        for text in (b"Second.", b"Third.")
    )
    for version in (first, second):
        publish(version)
    assert [v.number for v in access.versions_of(document, NOBODY)] == [2]
    assert [v.number for v in access.versions_of(document, reader_of(officer))] == [3, 2, 1]
    assert access.get_version(document.pk, 2, NOBODY) == second
    for number in (1, third.number, 9):
        with pytest.raises(Http404):
            access.get_version(document.pk, number, NOBODY)


def test_published_without_a_released_version_is_seen_by_staff_alone(upload: Upload) -> None:
    upload()
    Document.objects.update(state="published", audience="public")
    assert not access.visible_to(NOBODY).exists()


def test_former_officer_sees_nothing(upload: Upload, officer: User) -> None:
    upload()
    officer.appointments.update(ends_at=AT)
    assert not access.visible_to(reader_of(officer)).exists()
    assert not access.can_upload(reader_of(officer))


@pytest.mark.parametrize(
    ("who", "may"), [("officer", True), ("manager", True), ("focal_point", False), ("stranger", False)]
)
def test_can_upload(who: str, may: bool, request: pytest.FixtureRequest) -> None:
    assert access.can_upload(reader_of(request.getfixturevalue(who))) is may


def test_why_visible(upload: Upload, officer: User) -> None:
    document, reader = upload().document, reader_of(officer)
    assert "draft that was never circulated" in access.why_visible(document, reader)
    document.state = "circulated"
    assert "circulation’s page" in access.why_visible(document, reader)
    assert access.why_visible(document, NOBODY) == "You may not see it."
    document.state, document.audience = "published", "public"
    assert access.why_visible(document, NOBODY) == "Everyone may read it: it is published."
    assert access.readers_of(document) == "Public"


def test_paragraphs_of_refuses_a_changed_text(upload: Upload) -> None:
    version = upload()
    assert len(access.paragraphs_of(version)) == 4
    version.paragraphs.filter(number=2).delete()
    with pytest.raises(FileChanged, match="no longer gives the text"):
        access.paragraphs_of(version)
