"""Files that leave the portal: to be saved and kept by no cache, and text in them that no spreadsheet runs."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, or strips and then does."""


def to_save(content: bytes | str, media_type: str, name: str) -> HttpResponse:
    """The answer with a file: never shown in the browser. The caller has checked access and logs."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def inert(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what looks like a formula, no control characters."""
    text = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{text}" if text.startswith(RUNS) else text
