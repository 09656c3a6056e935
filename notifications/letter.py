"""What a notice says: its text from templates/emails/, and the message as the mail server gets it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.template import Context, engines
from django.utils.html import escape

from notifications.enums import Kind
from notifications.models import Notice

SUBJECT_LENGTH = 250
SAMPLE_LINE = "This is a sample: the people and things it speaks of are invented."
PLAIN = SMTP.clone(cte_type="7bit")
"""Any server takes it: not all know 8BITMIME."""
ADDRESS_OF_PAGE = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Audience:
    """All that a text may know of its reader; readers who are alike in this get the same text."""

    zone: str = ""
    city: str = ""
    may_reply: bool = False
    participant: str = ""


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def write(kind: Kind, context: Mapping[str, Any], *, is_sample: bool) -> Letter:
    """Render the text of a kind: the first line is the subject, the rest after a blank line is the body."""
    template = engines["django"].engine.get_template(f"emails/{kind.value}.txt")  # type: ignore[attr-defined]
    values = {**context, "sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[0]}
    head, _, body = template.render(Context(values, autoescape=False)).strip().partition("\n")
    subject = " ".join(head.split())
    body = re.sub(r"\n{3,}", "\n\n", body.strip())
    if is_sample:
        subject, body = f"Sample: {subject}", f"{SAMPLE_LINE}\n\n{body}"
    return Letter(subject[:SUBJECT_LENGTH], f"{body}\n")


def as_html(body: str) -> str:
    """The same text as lean HTML: paragraphs, addresses of pages as links, nothing loaded from anywhere."""
    paragraphs = (_linked(paragraph).replace("\n", "<br>\n") for paragraph in body.split("\n\n"))
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _linked(text: str) -> str:
    parts, end = [], 0
    for found in ADDRESS_OF_PAGE.finditer(text):
        url = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])


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
    """The message, the same at every try but for the MIME boundary. ValueError when the address cannot be used."""
    message = EmailMessage(policy=PLAIN)
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = _mailbox(recipient(notice))
    message["Subject"] = notice.subject
    message["Date"] = format_datetime(notice.queued_at)
    message["Message-ID"] = notice.message_id
    message["Auto-Submitted"] = "auto-generated"
    if notice.is_secret and settings.EMAIL_KEPT_BY_PORTAL:
        # Only our own receiver is told: it must know which bodies no page may show.
        message["X-Portal-Secret"] = "1"
    message.set_content(notice.body)
    message.add_alternative(as_html(notice.body.strip()), subtype="html")
    return message.as_bytes()
