"""Attendance as a table of participants and meetings, year by year, and as a picture of the same cells.

Only meetings whose attendance the reader may know have columns; a participant stands there under its present name. One
page holds about `COLUMNS` meetings; a year is never cut unless it alone is longer.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from meetings import session_rules
from meetings.access import visible_to, whose_attendance_shows
from meetings.days import meeting_days
from meetings.enums import Mark
from meetings.models import Attendance, Meeting
from meetings.queries import part_label, parts_of, with_year, years_of
from members.access import Reader

COLUMNS = 24
ORDERS = {"name": "by name", "most": "most often present first"}
CELLS = {
    Mark.ROOM: ("l2", "present"),
    Mark.REMOTE: ("l2", "present, remote"),
    Mark.EXCUSED: ("l1", "excused"),
    Mark.ABSENT: ("", "absent"),
    Mark.NONE: ("", "not listed"),
}
SIGNS = {Mark.ROOM: "✓", Mark.REMOTE: "✓", Mark.EXCUSED: "e", Mark.ABSENT: "–", Mark.NONE: "·"}
CELL = {
    mark: format_html(
        '<td{}><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></td>',
        format_html(' class="{}"', css) if css else "",
        SIGNS[mark],
        said,
    )
    for mark, (css, said) in CELLS.items()
}
SIDE, LABEL = 14, 190
"""Side of a cell and width of the names in the picture, in its own units."""


@dataclass(frozen=True)
class Row:
    """A participant with one mark a column."""

    name: str
    sort_key: str
    marks: tuple[Mark, ...]

    @property
    def present(self) -> int:
        return sum(one in session_rules.PRESENT for one in self.marks)

    @property
    def cells(self) -> SafeString:
        """The cells of its row. Written once for each mark, not as nodes of a template: there are thousands."""
        return SafeString("".join(CELL[one] for one in self.marks))


def shown(reader: Reader) -> QuerySet[Meeting]:
    """Meetings with attendance on record that the reader may know."""
    listed = Exists(Attendance.objects.filter(session__meeting=OuterRef("pk")))
    return with_year(visible_to(reader).filter(whose_attendance_shows(reader), listed))


def heat_page(reader: Reader, *, series: str, page: str, order: str) -> dict[str, Any]:
    """Context of the page; what is asked for and is not there gives the first. Four queries."""
    everything = shown(reader)
    columns = ("year", "series__slug", "series__name")
    ordered = everything.order_by("series__position", "series__name").values(*columns)
    groups = list(ordered.annotate(meetings=Count("pk")))
    names = list(dict.fromkeys((row["series__slug"], row["series__name"]) for row in groups))
    chosen = series if series in dict(names) else ""
    found = [{**row, "to_come": 0} for row in groups if not chosen or row["series__slug"] == chosen]
    parts = parts_of(years_of(found), COLUMNS)
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    number = number if 1 <= number <= len(parts) else 1
    meetings = everything.filter(series__slug=chosen) if chosen else everything
    part = parts[number - 1] if parts else None
    columns_found = _columns(meetings, part.first, part.last) if part else []
    how = order if order in ORDERS else "name"
    rows = _rows([one["pk"] for one in columns_found], how)
    return {
        "columns": columns_found,
        "rows": rows,
        "years": _years(columns_found),
        "picture": _picture(rows, columns_found),
        "series": [("", "All series", not chosen), *((slug, name, slug == chosen) for slug, name in names)],
        "orders": [(key, words, key == how) for key, words in ORDERS.items()],
        "chosen": chosen,
        "order": how,
        "parts": [{"label": part_label(one)} for one in parts],
        "number": number,
        "total": sum(row["meetings"] for row in found),
    }


def _columns(meetings: QuerySet[Meeting], first: int, last: int) -> list[dict[str, Any]]:
    """The meetings of one page, the oldest first."""
    wanted = ("pk", "slug", "title", "series__abbreviation", "ordinal", "starts_on", "ends_on", "planned_text", "year")
    rows = list(meetings.values(*wanted)[first:last])
    return [{**row, "days": meeting_days(row, is_held=True), "head": _head(row)} for row in reversed(rows)]


def _head(row: dict[str, Any]) -> str:
    """What stands over a column: the day and month, or the ordinal where the day is not known."""
    day = row["starts_on"]
    return f"{day.day} {day:%b}" if day else row["ordinal"] or "?"


def _years(columns: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """(year, number of its columns), as the heading above them."""
    found: dict[str, int] = {}
    for one in columns:
        year = str(one["year"] or "Date not on record")
        found[year] = found.get(year, 0) + 1
    return list(found.items())


def _rows(meeting_ids: list[int], order: str) -> list[Row]:
    """Every participant that is listed at one of the meetings. One query."""
    wanted = ("participant_id", "participant__short_name", "participant__sort_key", "session__meeting_id")
    rows = Attendance.objects.filter(session__meeting_id__in=meeting_ids).order_by("participant__sort_key")
    names: dict[int, tuple[str, str]] = {}
    marks: dict[tuple[int, int], list[Mark]] = {}
    for pk, name, sort_key, meeting, presence, mode in rows.values_list(*wanted, "presence", "mode"):
        names[pk] = (name, sort_key)
        marks.setdefault((pk, meeting), []).append(session_rules.mark_of(presence, mode))
    found = [
        Row(*names[pk], tuple(session_rules.presence_of(marks.get((pk, one), [])) for one in meeting_ids))
        for pk in names
    ]
    return sorted(found, key=lambda one: (-one.present, one.sort_key)) if order == "most" else found


def _picture(rows: list[Row], columns: list[dict[str, Any]]) -> dict[str, Any]:
    """The squares of the picture, those of one kind as one path; the names beside them."""
    kinds = {Mark.ROOM: "f-teal", Mark.REMOTE: "f-teal", Mark.EXCUSED: "f-soft", Mark.ABSENT: "f-rule"}
    drawn: dict[str, list[str]] = {}
    for down, row in enumerate(rows):
        for at, mark in enumerate(row.marks):
            if mark in kinds:
                square = f"M{LABEL + at * SIDE} {down * SIDE}h{SIDE - 2}v{SIDE - 2}h-{SIDE - 2}z"
                drawn.setdefault(kinds[mark], []).append(square)
    return {
        "paths": [(css, "".join(squares)) for css, squares in drawn.items()],
        "labels": [{"y": down * SIDE + SIDE - 4, "name": row.name[:28]} for down, row in enumerate(rows)],
        "width": LABEL + max(len(columns), 1) * SIDE,
        "height": max(len(rows), 1) * SIDE,
        "label_end": LABEL - 6,
    }
