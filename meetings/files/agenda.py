"""The agenda as PDF and Word document, from the page's own rows; annotated where they hold notes for the chairs."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from documents.printing import pdf
from meetings.agendas import Row
from members.told_file import at

if TYPE_CHECKING:
    from meetings.files.word import Paper


def agenda_file(page: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Data of both files. `page`: the context of the page for this reader."""
    meeting, agenda, forum = page["meeting"], page["agenda"], page["forum"]
    sample = "Sample. " if meeting.is_sample else ""
    is_annotated = page["sees_notes"]
    title = f"Annotated {page['title'].lower()}" if is_annotated else page["title"]
    who = "Secretariat and co-chairs." if is_annotated else f"{page['readers']}."
    return {
        "title": title,
        "author": forum.secretariat or forum.name,
        "line": f"{sample}{page['chip'][1]}. {who}",
        "meeting": meeting.title,
        "when": f"{page['when']}. {page['where']}. Times: {page['times_words']}.",
        "note_label": "For the chairs:",
        "days": [
            {
                "heading": day.heading,
                "span": day.span,
                "rows": [_row(row) for row in day.rows],
            }
            for day in page["days"]
            if day.rows
        ],
        "foot": f"{forum.name}. {sample}Version {agenda.version}, made on {at(now, ZoneInfo(forum.time_zone))}, "
        f"{forum.secretariat_place} time.",
    }


def _row(row: Row) -> dict[str, Any]:
    length = f"{row.item.minutes} min" if row.item.minutes else ""
    return {
        "time": row.time,
        "length": length,
        "number": row.number,
        "is_break": row.is_break,
        "title": row.item.title,
        "late": "Late" if row.item.is_late else "",
        "meta": " · ".join(part for part in (row.item.presenter, row.purpose) if part),
        "children": list(_children(row.children, 0)),
        "papers": [_paper(one.symbol, one.title, one.note) for one in row.papers],
        "note": row.note,
    }


def _children(rows: list[Row], depth: int) -> Iterator[dict[str, Any]]:
    """Sub-items one after the other, each with its depth under the item."""
    for row in rows:
        made = _row(row)
        meta = " · ".join(part for part in (made["length"], made["meta"], made["late"]) if part)
        yield {
            "depth": depth,
            "number": f"{row.number}.",
            "title": made["title"],
            "meta": meta,
            "papers": made["papers"],
            "note": made["note"],
        }
        yield from _children(row.children, depth + 1)


def _paper(symbol: str, title: str, note: str) -> str:
    words = " ".join(part for part in (symbol, title) if part)
    return f"{words} ({note.rstrip('.')})" if note else words


def as_pdf(data: dict[str, Any]) -> bytes:
    return pdf("agenda", data)


def as_docx(data: dict[str, Any]) -> bytes:
    from meetings.files.word import Paper

    paper = Paper(data["title"], author=data["author"], foot=data["foot"])
    paper.small(data["line"])
    paper.heading(data["title"], level=1)
    paper.paragraph(data["meeting"], bold=True)
    paper.paragraph(data["when"])
    for day in data["days"]:
        paper.heading(day["heading"], level=2)
        for row in day["rows"]:
            _print(paper, row, data["note_label"])
    return paper.as_bytes()


def _print(paper: "Paper", row: dict[str, Any], note_label: str) -> None:
    if row["is_break"]:
        paper.paragraph(f"{row['time']}\t{row['title']}", after=6, hang=TAB)
        return
    late = f" ({row['late'].lower()})" if row["late"] else ""
    words = f"{row['time']}\t{row['number']}.\u00a0{row['title']}{late}"
    paper.paragraph(words, bold=True, after=1, hang=TAB, keep=True)
    for one in row["children"]:
        words = f"{one['number']}\u00a0{one['title']}" + (f" – {one['meta']}" if one["meta"] else "")
        paper.paragraph(words, after=1, indent=TAB + one["depth"] * 0.7)
        _extras(paper, one, note_label, TAB + one["depth"] * 0.7)
    if row["meta"]:
        paper.paragraph(row["meta"], after=1, indent=TAB)
    _extras(paper, row, note_label, TAB)
    paper.gap()


def _extras(paper: "Paper", row: dict[str, Any], note_label: str, indent: float) -> None:
    for line in row["papers"]:
        paper.paragraph(line, after=1, indent=indent)
    if row["note"]:
        paper.paragraph(f"{note_label} {row['note']}", after=1, indent=indent, italic=True)


TAB = 1.8
"""Centimetres from a time to what happens then."""
