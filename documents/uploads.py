"""The first guard of an upload, while it still arrives: what is past the limit is written nowhere."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

_ROOM = 64 * 1024
"""A file may run a little over, so that the form sees that it does."""


class LimitHandler(FileUploadHandler):
    """Keeps at most the limit of all files of a request together; stands before Django's own handlers.

    The rest is read and thrown away, so that the person gets a page that says so, and not a broken connection.
    """

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        return None if self.received > settings.UPLOAD_MAX_BYTES + _ROOM else raw_data

    def file_complete(self, file_size: int) -> None:
        return None
