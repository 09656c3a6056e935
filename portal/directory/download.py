"""The list of participants as a table for a spreadsheet."""

import csv
import datetime as dt
import io
from collections.abc import Iterable

from django.http import HttpResponse

from audit.files import inert, to_save

HEADS = ["Day", "Standing", "Code", "Name", "Note", "Since", "Bodies", "To be confirmed"]


def as_csv(rows: Iterable[list[str]], day: dt.date) -> HttpResponse:
    """A file of these rows under HEADS, each with the day in front; no cell runs as a formula."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(HEADS)
    table.writerows([day.isoformat(), *(inert(cell) for cell in row)] for row in rows)
    # The mark at the beginning tells spreadsheets that the text is UTF-8.
    name = f"members-and-observers-{day.isoformat()}.csv"
    return to_save("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", name)
