"""A notice as lean HTML, made from its plain text: nothing is loaded from anywhere, and it reads without its style.

How the plain text is understood: paragraphs stand apart by an empty line. A paragraph whose first line ends in a colon
is a label and what it is about: a page to open, a moment, or lines. What follows a line of two hyphens is the foot; its
first line says who writes.
"""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString

SAMPLE_LINE = "This is a sample: the people and things it speaks of are invented."
FOOT = "--"
ADDRESS_OF_PAGE = re.compile(r"https?://[^\s<>\"]+")
MOMENT = re.compile(r"\b\d{4}, \d\d:\d\d(:\d\d)? ")
CODE = re.compile(r"[0-9a-f]{32,}")
FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
{style}
</head>
<body class="letter-page">
<div class="mail" role="main">
{content}
</div>
</body>
</html>
"""


@lru_cache(maxsize=1)
def style() -> str:
    """The one style sheet, as it stands in the head of each mail; a page of the portal links it instead."""
    css = Path(settings.BASE_DIR, "static", "css", "mail.css").read_text(encoding="ascii").strip()
    return f"<style>\n{css}\n</style>"


def as_html(subject: str, body: str, head: str = "") -> str:
    """The mail as an HTML document in ASCII. `head` instead of the style: what links to it."""
    page = FRAME.format(title=escape(subject), style=head or style(), content=fragment(subject, body))
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def fragment(subject: str, body: str, *, heading: str = "h1") -> SafeString:
    """What stands in the frame, with the subject as heading. Whatever people wrote is escaped."""
    text, foot = split_foot(body)
    parts = [f'<p class="from">{escape(foot[0])}</p>'] if foot else []
    parts += [f"<{heading}>{escape(subject)}</{heading}>", *map(_paragraph, _paragraphs(text))]
    if foot[1:]:
        parts.append('<div class="foot">')
        parts += [f"<p>{_linked(line)}</p>" for line in foot[1:]]
        parts.append("</div>")
    return SafeString("\n".join(parts))


def split_foot(body: str) -> tuple[str, list[str]]:
    """The text and the lines of its foot; the last line of two hyphens counts, whatever people wrote before it."""
    text, mark, foot = body.strip().rpartition(f"\n{FOOT}\n")
    return (text.strip(), foot.splitlines()) if mark else (body.strip(), [])


def _paragraphs(text: str) -> list[list[str]]:
    return [part.splitlines() for part in re.split(r"\n{2,}", text) if part.strip()]


def _paragraph(lines: list[str]) -> str:
    first, rest = lines[0], lines[1:]
    if lines == [SAMPLE_LINE]:
        return f'<p class="sample">{escape(first)}</p>'
    if not (rest and first.endswith(":")):
        return f"<p>{_joined(lines)}</p>"
    if len(rest) == 1 and ADDRESS_OF_PAGE.fullmatch(rest[0]):
        url, words = escape(rest[0]), escape(first[:-1])
        button = f'<a class="button"\nhref="{url}">{words}</a>'
        return f'<p class="go">{button}<br>\n<a class="url"\nhref="{url}">{url}</a></p>'
    kind = " code" if CODE.fullmatch(rest[-1]) else " time" if MOMENT.search(rest[0]) else ""
    return f'<p class="label">{escape(first)}</p>\n<p class="block{kind}">{_joined(rest)}</p>'


def _joined(lines: list[str]) -> str:
    return "<br>\n".join(_linked(line) for line in lines)


def _linked(text: str) -> str:
    parts, end = [], 0
    for found in ADDRESS_OF_PAGE.finditer(text):
        url = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])
