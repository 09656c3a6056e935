"""What a notice says: its text from templates/emails/, and the message as the mail server gets it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context, engines

from notifications.enums import Kind
from notifications.framing import SAMPLE_LINE, as_html
from notifications.models import Notice
from notifications.unsubscribe import stop_link

SUBJECT_LENGTH = 250
PLAIN = SMTP.clone(cte_type="7bit")
"""Any server takes it: not all know 8BITMIME."""
LONGEST_LINE = 900
CHOICES = "/accounts/notices/"
"""Page on which people say when they want what is no duty."""


@dataclass(frozen=True)
class Audience:
    """All that a text may know of its reader; readers who are alike in this get the same text. `is_office`: an official
    address, whose readers have no account."""

    zone: str = ""
    city: str = ""
    may_reply: bool = False
    participant: str = ""
    is_office: bool = False


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def write(kind: Kind, context: Mapping[str, Any], *, is_sample: bool) -> Letter:
    """Render the text of a kind: the first line is the subject, the rest after a blank line is the body."""
    template = engines["django"].engine.get_template(f"emails/{kind.value}.txt")  # type: ignore[attr-defined]
    values = {
        **context,
        "sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[0],
        "choices_link": settings.BASE_URL + CHOICES,
    }
    head, _, body = template.render(Context(values, autoescape=False)).strip().partition("\n")
    subject = " ".join(head.split())
    body = re.sub(r"\n{3,}", "\n\n", body.strip())
    if is_sample:
        subject, body = f"Sample: {subject}", f"{SAMPLE_LINE}\n\n{body}"
    return Letter(subject[:SUBJECT_LENGTH], f"{body}\n")


def recipient(notice: Notice) -> str:
    """The address as the mail server reads it: a domain in other letters becomes ASCII. ValueError if unusable."""
    local, at, domain = notice.address.rpartition("@")
    if not (local and at and domain):
        raise ValueError("no address of a mailbox")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _mailbox(address: str) -> Address:
    try:
        return Address(addr_spec=address)
    except MessageError as error:  # the parser's own kind of error
        raise ValueError(str(error)) from error


def sender() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def compose(notice: Notice) -> bytes:
    """The message, byte for byte the same at every try. ValueError when the address cannot be used."""
    message = EmailMessage(policy=PLAIN)
    for name, value in headers(notice):
        message[name] = value
    message.set_content(notice.body, cte=_encoding(notice.body))
    # A round has few texts and many readers; what holds a link of set-up is kept nowhere.
    html = (as_html if notice.is_secret else _as_html_once)(notice.subject, notice.body)
    message.add_alternative(html, subtype="html", cte=_encoding(html))
    message.set_boundary(f"=_{hashlib.sha256(notice.message_id.encode()).hexdigest()[:32]}")
    # A folded address in List-Unsubscribe is encoded, and no mail program reads it: those of a digest may be long.
    return message.as_bytes(policy=PLAIN.clone(max_line_length=LONGEST_LINE) if notice.kind == Kind.DIGEST else PLAIN)


_as_html_once = lru_cache(maxsize=64)(as_html)


def headers(notice: Notice) -> Iterator[tuple[str, Any]]:
    """Every header of the message, in order."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    yield "From", Address(display_name=name, addr_spec=address)
    yield "To", _mailbox(recipient(notice))
    yield "Subject", notice.subject
    yield "Date", format_datetime(notice.queued_at)
    yield "Message-ID", notice.message_id
    yield "Auto-Submitted", "auto-generated"
    # No answer of a machine that its owner is away; delivery reports are wanted.
    yield "X-Auto-Response-Suppress", "OOF, AutoReply"
    if notice.kind == Kind.DIGEST and notice.user_id:
        # RFC 8058: the reader's mail program offers one click. Never for what is a duty.
        yield "List-Unsubscribe", f"<{stop_link(notice.user_id)}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    if notice.is_secret and settings.EMAIL_KEPT_BY_PORTAL:
        # Only our own receiver is told: it must know which bodies no page may show.
        yield "X-Portal-Secret", "1"


def _encoding(text: str) -> str | None:
    """As it is, where every server takes it so (RFC 5322: ASCII, lines under 998); None: as the library finds best."""
    is_plain = text.isascii() and max(map(len, text.split("\n"))) < LONGEST_LINE
    return "7bit" if is_plain else None
