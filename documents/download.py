"""A filed file on its way to a reader."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from documents.access import file_of
from documents.models import Version


def attachment(version: Version) -> HttpResponse:
    """The file as it was uploaded, to be saved and never shown in the browser. The caller has checked access and logs.

    Raises FileChanged when the bytes are not those that were filed.
    """
    response = HttpResponse(file_of(version), content_type=version.media_type)
    response["Content-Disposition"] = content_disposition_header(True, version.file_name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
