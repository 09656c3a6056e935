"""A report as it stands in a message (RFC 3464 in RFC 3462). The message is hostile until proven: nothing in it is
decoded more than needed, and what cannot be read is no report."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.parser import HeaderParser

from notifications.enums import ReportAction
from notifications.reports.addresses import proven_by, spellings

MOST_BYTES = 512 * 1024
"""Our own mails are small, and so is what returns them."""
MOST_PARTS = 40
"""Of content types in the raw text: what nests deeper is not read at all."""
MOST_RECIPIENTS = 20
UNREADABLE = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What Python's parser raises at broken messages (UnicodeError and unknown encodings among them)."""

STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
CAME_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc")
NAMES_ORIGINAL = ("X-Original-Message-ID", "Original-Message-ID")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,118}>")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
ACTIONS = {action.value: action for action in ReportAction}


@dataclass(frozen=True)
class About:
    """What a report says of one recipient."""

    action: ReportAction | None = None
    status: str = ""
    diagnostic: str = ""
    addresses: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """As the notice keeps it; a server that says the code in its words says it once."""
        code = "" if self.status and self.status in self.diagnostic else self.status
        return " ".join(part for part in (code, self.diagnostic) if part)[:300]


@dataclass(frozen=True)
class Report:
    """One report. `proven`: notices to whose own return path it came. `is_signed`: a provider proved itself instead."""

    message_ids: tuple[str, ...] = ()
    proven: frozenset[int] = frozenset()
    about: tuple[About, ...] = field(default=(About(),))
    is_signed: bool = False


def read_report(raw: bytes) -> Report:
    """The report in a message. One that is none, is too large or cannot be read has nothing in it that could count."""
    if len(raw) > MOST_BYTES:
        return Report(about=(About(diagnostic="The message is too large to be a report."),))
    if raw.lower().count(b"content-type:") > MOST_PARTS:
        return Report(about=(About(diagnostic="The message has too many parts to be a report."),))
    try:
        return _read(message_from_bytes(raw))
    except UNREADABLE:
        return Report(about=(About(diagnostic="The message cannot be read."),))


def _read(message: Message) -> Report:
    proven = proven_by("\n".join(plain(value) for name in CAME_TO for value in message.get_all(name, [])))
    status = next((part for part in message.walk() if part.get_content_type() in STATUS_TYPES), None)
    if message.get_content_type() != "multipart/report" or status is None:
        return Report(proven=proven, about=(About(diagnostic=f"No report: {plain(message['Subject'])}"[:300]),))
    blocks = list(_blocks(status))
    about = tuple(_about(block) for block in blocks[1 : MOST_RECIPIENTS + 1])
    return Report(tuple(_message_ids(message, blocks)), proven, about or (About(),))


def _blocks(part: Message) -> Iterator[Message]:
    """The fields about the message, then those of each recipient."""
    held = part.get_payload()
    if isinstance(held, str):
        yield from (HeaderParser().parsestr(block) for block in re.split(r"\r?\n\r?\n", held.strip()))
        return
    for one in held:
        if isinstance(one, Message):
            yield one
            rest = one.get_payload()
            # A type that Python does not know as a status is read as one message: its text holds the other blocks.
            if isinstance(rest, str) and rest.strip():
                yield from (HeaderParser().parsestr(block) for block in re.split(r"\r?\n\r?\n", rest.strip()))


def _about(block: Message) -> About:
    status = STATUS.search(plain(block["Status"]))
    named = [_after_type(block[name]) for name in ("Final-Recipient", "Original-Recipient") if block[name]]
    return About(
        action=ACTIONS.get(plain(block["Action"]).lower()),
        status=status[0] if status else "",
        diagnostic=_after_type(block["Diagnostic-Code"])[:300],
        addresses=frozenset().union(*(spellings(one) for one in named)),
    )


def _after_type(value: object) -> str:
    """ "rfc822; a@b" without its type."""
    words = plain(value)
    return words.partition(";")[2].strip() if ";" in words else words


def _message_ids(message: Message, blocks: list[Message]) -> Iterator[str]:
    """Message-IDs that the report may be about, the surest first: of what it returns, of its own fields."""
    returned = [part for part in message.walk() if part.get_content_type() in ("message/rfc822", "message/global")]
    for part in returned:
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            yield from MESSAGE_ID.findall(plain(inner[0]["Message-ID"]))[:1]
    for part in message.walk():
        if part.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
            held = part.get_payload(decode=True)
            text = held.decode("utf-8", "replace") if isinstance(held, bytes) else ""
            yield from MESSAGE_ID.findall(plain(HeaderParser().parsestr(text.lstrip())["Message-ID"]))[:1]
    for source in (*blocks[:1], message):
        for name in NAMES_ORIGINAL:
            yield from MESSAGE_ID.findall(plain(source[name]))[:1]
    for name in ("In-Reply-To", "References"):
        yield from MESSAGE_ID.findall(plain(message[name]))[-1:]


def plain(value: object) -> str:
    """One line of printable characters."""
    text = "" if value is None else str(value)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:2000]
