"""A filed file on its way to a reader."""

from django.http import HttpResponse

from audit.files import to_save
from documents.access import file_of
from documents.models import Version


def attachment(version: Version) -> HttpResponse:
    """The file as it was uploaded, to be saved and never shown in the browser. The caller has checked access and logs.

    Raises FileChanged when the bytes are not those that were filed.
    """
    return to_save(file_of(version), version.media_type, version.file_name)
