"""Notes verbales as Word documents: inviting, confirming, and in support of a visa. The wording stands in
templates/meetings/papers/: paragraphs with a blank line between them; a line that begins with `#` is a person of a
list, one with `|` a row of a table. The secretariat reads, signs and numbers each; the portal sends none."""

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, engines
from django.urls import reverse

from meetings.days import span_in_parts
from meetings.letters import where
from meetings.models import Delegate, Delegation, Meeting, MeetingInvitation
from members.enums import Kind
from members.models import Forum, Participant
from members.names import one_line

if TYPE_CHECKING:
    from meetings.files.word import Paper

KINDS = ("inviting", "confirming")
TITLES = {"inviting": "Note verbale, inviting", "confirming": "Note verbale, confirming", "visa": "Visa support"}
WITH_ARTICLE = frozenset(
    (
        "Agency", "Commonwealth", "Committee", "Council", "Emirates", "Federation", "Forum", "Islands", "Kingdom",
        "Nations", "Office", "Organisation", "Organization", "Region", "Republic", "State", "States", "Union",
    )
)  # fmt: skip
PLURALS = ("ines", "lands")
"""A name that holds one of these words, or ends as the name of a group of islands does, has an article before it."""


def note_verbale(
    kind: str, delegation: Delegation, meeting: Meeting, invitation: MeetingInvitation, forum: Forum, now: dt.datetime
) -> bytes:
    """To one participant: `inviting`, or `confirming` what it answered."""
    zone = ZoneInfo(forum.time_zone)
    people = [
        ", ".join(part for part in (one.name, one.get_role_display(), one.function) if part)
        for one in delegation.delegates.all()
        if one.name
    ]
    context = {
        "answer_by": f"{invitation.answer_by.astimezone(zone):%-d %B %Y, %H:%M} ({forum.secretariat_place} time)",
        "seats": meeting.seats,
        "people": people,
        "information": hasattr(meeting, "information"),
    }
    return _note(kind, delegation, meeting, forum, now, context)


def visa_note(person: Delegate, meeting: Meeting, forum: Forum, now: dt.datetime) -> bytes:
    """For one person, to the missions of the country in which the meeting takes place."""
    host = meeting.host.short_name if meeting.host else meeting.country
    context = {
        "host": with_article(host),
        "person": person.name,
        "function": person.function,
        "role": person.get_role_display(),
    }
    return _note("visa", person.delegation, meeting, forum, now, context)


def _note(
    kind: str, delegation: Delegation, meeting: Meeting, forum: Forum, now: dt.datetime, context: dict[str, Any]
) -> bytes:
    template = engines["django"].engine.get_template(f"meetings/papers/{kind}.txt")  # type: ignore[attr-defined]
    participant = delegation.participant
    path = reverse("meetings:delegation-detail", args=[meeting.slug, participant.code])
    words = {
        "secretariat": forum.secretariat,
        "forum_short": forum.short_name,
        "addressee": addressee(participant),
        "participant": with_article(participant.formal_name or participant.short_name),
        "delegation": participant.formal_name or participant.short_name,
        "meeting": meeting.title,
        "held": held(meeting),
        "place": forum.secretariat_place,
        "day": f"{now.astimezone(ZoneInfo(forum.time_zone)):%-d %B %Y}",
        "link": settings.BASE_URL + path,
        **context,
    }
    text = template.render(Context({key: _lines(value) for key, value in words.items()}, autoescape=False))
    foot = f"{forum.name}. {'Sample. ' if meeting.is_sample else ''}{meeting.title}"
    from meetings.files.word import Paper

    paper = Paper(f"{TITLES[kind]}: {participant.short_name}", author=forum.secretariat or forum.name, foot=foot)
    return _set(paper, text, forum, is_sample=meeting.is_sample)


def _lines(value: Any) -> Any:
    """No word of a person or a title begins a paragraph, a row or an item of its own."""
    if isinstance(value, str):
        return one_line(value)
    return [_lines(one) for one in value] if isinstance(value, list) else value


def _set(paper: "Paper", text: str, forum: Forum, *, is_sample: bool) -> bytes:
    paper.heading(forum.secretariat or forum.name, level=2, centre=True)
    paper.paragraph(forum.name, centre=True, after=18)
    blocks = [block.strip() for block in text.strip().split("\n\n") if block.strip()]
    paper.heading(blocks[0], level=2, centre=True)
    paper.paragraph(f"{'Sample. ' if is_sample else ''}No. ____________", centre=True, after=18)
    for block in blocks[1:-1]:
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if all(line.startswith("| ") for line in lines):
            rows = [[part.strip() for part in line[2:].split(" | ", 1)] for line in lines]
            paper.table(["", ""], rows, widths=(4, 12))
            paper.paragraph("", after=4)
        elif all(line.startswith("# ") for line in lines):
            paper.items([line[2:] for line in lines])
        else:
            paper.paragraph(" ".join(lines), after=10)
    paper.paragraph(blocks[-1], after=30)
    paper.paragraph("[seal and initials]")
    return paper.as_bytes()


def with_article(name: str) -> str:
    """ "the Kingdom of …", "Borland"."""
    is_plural = name.endswith(PLURALS)
    return f"the {name}" if is_plural or WITH_ARTICLE & set(name.replace(",", " ").split()) else name


def addressee(participant: Participant) -> str:
    name = with_article(participant.formal_name or participant.short_name)
    return name if participant.kind == Kind.ORGANISATION else f"the competent authorities of {name}"


def held(meeting: Meeting) -> str:
    """ "from 23 to 24 July 2026 in Harbour City, Borland"; "on days to be announced" where none is fixed."""
    at = where(meeting)
    place = f" in {at}" if meeting.place or meeting.country else f", {at}"
    if meeting.starts_on is None:
        return f"on days to be announced{place}"
    first, joined, last = span_in_parts(meeting.starts_on, meeting.ends_on)
    return f"from {first} to {last}{place}" if joined else f"on {first}{place}"
