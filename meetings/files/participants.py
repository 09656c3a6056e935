"""The list of participants as PDF, Word document and workbook, all from the same plain values."""

import datetime as dt
import io
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from audit.files import inert
from documents.printing import pdf
from meetings.days import meeting_days
from meetings.letters import where
from meetings.lists import Group, counts
from meetings.models import FinalList, Meeting
from members.models import Forum
from members.told_file import at

HEAD = ["Group", "Delegation", "No.", "Name", "Role", "Position"]
WIDTHS = [24, 30, 6, 36, 22, 60]


def listed(
    meeting: Meeting, groups: list[Group], final: FinalList | None, forum: Forum, now: dt.datetime
) -> dict[str, Any]:
    """Data of the list, for each kind of file."""
    zone, days = ZoneInfo(forum.time_zone), {name: getattr(meeting, name) for name in DAYS}
    state = f"Final list, {at(final.frozen_at, zone)}" if final else f"Provisional list, {at(now, zone)}"
    delegations, people = counts(groups)
    sample = "Sample. " if meeting.is_sample else ""
    return {
        "title": "List of participants",
        "author": forum.secretariat or forum.name,
        "line": f"{sample}{state} ({forum.secretariat_place} time)",
        "meeting": meeting.title,
        "when": f"{meeting_days(days) or 'days to be decided'}. {where(meeting)}.",
        "sum": f"{people} {'person' if people == 1 else 'people'} in {delegations} "
        f"{'delegation' if delegations == 1 else 'delegations'}.",
        "groups": groups,
        "foot": f"{forum.name}. {sample}Not for publication.",
    }


DAYS = ("starts_on", "ends_on", "planned_text")


def as_pdf(data: dict[str, Any]) -> bytes:
    return pdf("participants", data)


def as_docx(data: dict[str, Any]) -> bytes:
    from meetings.files.word import Paper

    paper = Paper(data["title"], author=data["author"], foot=data["foot"])
    paper.small(data["line"])
    paper.heading(data["title"], level=1)
    paper.paragraph(data["meeting"], bold=True)
    paper.paragraph(f"{data['when']} {data['sum']}")
    for group in data["groups"]:
        paper.heading(group["title"], level=2)
        for one in group["delegations"]:
            paper.heading(one["name"], level=3)
            if one["people"]:
                paper.table(
                    ["Name", "Role", "Position"], [[p["name"], p["role"], p["function"]] for p in one["people"]]
                )
            else:
                paper.paragraph(no_names(one["count"]))
    return paper.as_bytes()


def no_names(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}; names removed."


def as_xlsx(data: dict[str, Any]) -> bytes:
    """One row a person. Every cell is text: nothing in it runs as a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Participants")
    for column, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A4"
    sheet.append([_cell(sheet, f"{data['title']}: {data['meeting']}", bold=True)])
    sheet.append([_cell(sheet, data["line"])])
    sheet.append([_cell(sheet, word, bold=True) for word in HEAD])
    for group in data["groups"]:
        for one in group["delegations"]:
            people = one["people"] or [{"name": no_names(one["count"]), "role": "", "function": ""}]
            for number, person in enumerate(people, 1):
                row = [group["title"], one["name"], str(number), person["name"], person["role"], person["function"]]
                sheet.append([_cell(sheet, text) for text in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=inert(text))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
