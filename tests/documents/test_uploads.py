"""A file that is far too large is not written to the disk on its way in."""

import uuid

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from members.models import Body, User
from tests.documents.conftest import text_file

HANDLERS = ["documents.uploads.LimitHandler", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes that Django's own handler wrote."""
    sizes: list[int] = []
    real = TemporaryFileUploadHandler.receive_data_chunk

    def receive(self: TemporaryFileUploadHandler, raw_data: bytes, start: int) -> None:
        sizes.append(len(raw_data))
        real(self, raw_data, start)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", receive)
    return sizes


@pytest.mark.parametrize(("handlers", "most"), [(HANDLERS, 21 * 1024 * 1024), (HANDLERS[1:], None)])
def test_too_large_is_not_written(
    handlers: list[str], most: int | None, written: list[int], officer: User, body: Body, settings: object
) -> None:
    """With the twin: without the handler all of it is written."""
    settings.FILE_UPLOAD_HANDLERS = handlers  # type: ignore[attr-defined]
    client, size = Client(), 45 * 1024 * 1024
    client.force_login(officer, "allauth.account.auth_backends.AuthenticationBackend")
    data = {"symbol": "A/1", "title": "T", "kind": "paper", "body": body.pk, "key": str(uuid.uuid4())}
    response = client.post("/documents/upload/", {**data, "file": text_file(b"x" * size)})
    assert "at most 20 MB are taken" in response.content.decode()
    assert sum(written) == size if most is None else sum(written) < most
