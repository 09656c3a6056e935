"""Parts that several pages of circulations share."""

import datetime as dt
from typing import Any

from documents.access import paragraphs_of
from documents.enums import ParagraphKind
from documents.files import FileChanged
from documents.models import Paragraph
from endorsements import words
from endorsements.access import visible_to
from endorsements.enums import SUCCESSFUL, Mode, State
from endorsements.models import Circulation
from members.access import Reader
from members.models import Forum


def head(circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """Head of every page of a circulation: what, in which state, until when, how long."""
    return {
        "forum": forum,
        "circulation": circulation,
        "version": circulation.version,
        "document": circulation.version.document,
        "chip": words.state_chip(circulation, now),
        "is_silence": circulation.mode == Mode.SILENCE,
        "is_comments": circulation.mode == Mode.COMMENT,
        "mode_name": words.MODES[Mode(circulation.mode)][0],
        "again": _again(circulation, reader),
        "note_chip": words.EXTENDED if circulation.extended_at else None,
        "extensions": list(circulation.extensions.all()) if circulation.extended_at else [],
        "has_certificate": State(circulation.state) in SUCCESSFUL,
        "corrigenda": list(circulation.corrigenda.select_related("actor")) if circulation.corrected_at else [],
        "sentence": words.next_sentence(circulation, now),
        "left": circulation.expires_at - now,
        "is_running": circulation.state == State.OPEN and now < circulation.expires_at,
        "is_over": circulation.state == State.OPEN and now >= circulation.expires_at,
        "own_zone": reader.zone if reader.zone != forum.time_zone else "",
        "own_city": reader.city,
    }


def _again(circulation: Circulation, reader: Reader) -> Circulation | None:
    """The circulation that opened the same version anew, where this reader sees it. A query for withdrawn ones."""
    if circulation.state != State.WITHDRAWN:
        return None
    return visible_to(reader).filter(follows=circulation).first()


def corrigenda_in_words(circulation: Circulation) -> list[str]:
    """Each corrigendum as a sentence, for what is taken away as a file. No query while nothing is corrected."""
    if circulation.corrected_at is None:
        return []
    return [
        f"Corrigendum to paragraph {one.paragraph}, {one.recorded_at:%-d %B %Y}: for “{one.said}” read “{one.says}”."
        for one in circulation.corrigenda.all()
    ]


def text_of(circulation: Circulation) -> dict[str, Any]:
    """Text of the version: headings and numbered paragraphs in order, or why it is not shown. One query."""
    try:
        found = paragraphs_of(circulation.version)
    except FileChanged as changed:
        return {"paragraphs": [], "text_refused": changed.message}
    rows = [(one.kind == ParagraphKind.HEADING, one.number, _label(one), one.text) for one in found]
    return {"paragraphs": rows, "text_refused": ""}


def _label(paragraph: Paragraph) -> str:
    """The number as typed in the file, unless it is the portal's own number: then it would stand there twice."""
    return "" if paragraph.label.strip("().") == str(paragraph.number) else paragraph.label


def progress(circulation: Circulation, now: dt.datetime) -> int:
    """How much of the window has passed, in hundredths."""
    if circulation.opened_at is None:
        return 0
    whole = (circulation.expires_at - circulation.opened_at).total_seconds()
    passed = (now - circulation.opened_at).total_seconds()
    return max(0, min(100, round(100 * passed / whole)))
