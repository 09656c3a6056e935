"""The list of participants as a table for a spreadsheet."""

import csv
import datetime as dt
import io
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.http import content_disposition_header

HEADS = ["Day", "Standing", "Code", "Name", "Note", "Since", "Bodies", "To be confirmed"]
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""


def as_csv(rows: Iterable[list[str]], day: dt.date) -> HttpResponse:
    """A file of these rows under HEADS, each with the day in front; no cell runs as a formula."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(HEADS)
    table.writerows([day.isoformat(), *(_inert(cell) for cell in row)] for row in rows)
    # The mark at the beginning tells spreadsheets that the text is UTF-8.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"members-and-observers-{day.isoformat()}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RUNS) else cell
