"""Reports as mail servers write them, about a message of ours, and what only looks like one. All invented."""

from collections.abc import Callable
from dataclasses import dataclass

from notifications.models import Notice
from notifications.reports.addresses import return_path


@dataclass(frozen=True)
class Sent:
    """The message that a report is about: where the report comes to, and what it names."""

    came_to: str
    message_id: str
    address: str

    @classmethod
    def of(cls, notice: Notice) -> "Sent":
        return cls(return_path(notice.pk), notice.message_id, notice.address)


RETURNED = """Content-Type: message/rfc822

Return-Path: <{came_to}>
From: Secretariat <notices@portal.example>
To: {address}
Subject: Please reply
Message-ID: {message_id}

Dear Sir or Madam
"""
HEADERS = RETURNED.replace("message/rfc822", "text/rfc822-headers").removesuffix("\nDear Sir or Madam\n")


def report(
    fields: str, *, returned: str = RETURNED, text: str = "This is the mail system.", head: str = "", host: str = "x"
) -> str:
    """RFC 3462: words for people, fields for machines, what is returned."""
    return f"""Delivered-To: {{came_to}}
From: MAILER-DAEMON@{host}.example (Mail Delivery System)
To: {{came_to}}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
{head}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="AAA"

This is a MIME-encapsulated message.

--AAA
Content-Type: text/plain; charset=us-ascii

{text}

--AAA
Content-Type: message/delivery-status

Reporting-MTA: dns; {host}.example
Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0000

{fields}

--AAA
{returned}
--AAA--
"""


def recipient(action: str, status: str, words: str, *, final: str = "rfc822; {address}", more: str = "") -> str:
    return (
        f"Final-Recipient: {final}\n{more}Action: {action}\nStatus: {status}\n"
        f"Remote-MTA: dns; mx.members.example\nDiagnostic-Code: smtp; {words}"
    )


UNKNOWN_USER = recipient("failed", "5.1.1", "550 5.1.1 User unknown")
POSTFIX = report(recipient("failed", "5.1.1", "550 5.1.1 <x>: Recipient address rejected:\n    User unknown"))
EXIM = report(
    "Action: failed\nFinal-Recipient: rfc822;{address}\nStatus: 5.0.0\nRemote-MTA: dns; mx.members.example\n"
    "Diagnostic-Code: smtp; 550 No such mailbox here",
    head="X-Failed-Recipients: {address}\n",
    text="A message that you sent could not be delivered to one or more of its recipients.",
)
EXCHANGE = report(
    recipient("failed", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", final="rfc822;{address}"),
    head="In-Reply-To: {message_id}\nReferences: {message_id}\nX-MS-Exchange-Message-Is-Ndr:\n",
    returned="Content-Type: text/plain\n\nOriginal message headers are not kept.",
)
GMAIL = report(
    recipient("failed", "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist.\n 550 5.1.1 x"),
    head="X-Failed-Recipients: {address}\n",
    returned=HEADERS,
).replace("Arrival-Date", "X-Original-Message-ID: {message_id}\nArrival-Date")
FULL = report(recipient("failed", "5.2.2", "552 5.2.2 The mailbox is full and can take no more mail"))
TOO_OLD = report(
    recipient("failed", "4.4.7", "Message expired after four days", more="Original-Recipient: rfc822;{address}\n")
)
FORWARDED = report(
    recipient(
        "failed", "5.1.1", "550 unknown", final="rfc822; somebody@elsewhere.example",
        more="Original-Recipient: rfc822;{address}\n",
    )
)  # fmt: skip
CAPITALS = report(
    UNKNOWN_USER.replace("failed", "FAILED").replace("{address}", "<{address}>").replace("rfc822", "RFC822")
)
HEADERS_ALONE = report(UNKNOWN_USER, returned=HEADERS)
LINES_OF_DOS = POSTFIX.replace("\n", "\r\n")
EIGHT_BIT = report(recipient("failed", "5.7.1", "554 Accès refusé à la boîte aux lettres"))
GLOBAL = POSTFIX.replace("message/delivery-status", "message/global-delivery-status").replace(
    "rfc822; {address}", "utf-8; {address}"
)
TWO_BLOCKS = report(f"{recipient('delivered', '2.0.0', '250 ok', final='rfc822; a@b.example')}\n\n{UNKNOWN_USER}")
DELAYED = report(recipient("delayed", "4.4.1", "connect to mx.members.example: timed out"))
DELIVERED = report(recipient("delivered", "2.1.5", "250 2.1.5 Stored"))

BOUNCED_BY = {
    "Postfix": POSTFIX,
    "Exim": EXIM,
    "Exchange": EXCHANGE,
    "Gmail": GMAIL,
    "a full mailbox": FULL,
    "given up after days": TOO_OLD,
    "a forwarding server that names whom we wrote to": FORWARDED,
    "capitals and brackets": CAPITALS,
    "headers alone returned": HEADERS_ALONE,
    "lines of DOS": LINES_OF_DOS,
    "words in eight bits": EIGHT_BIT,
    "a report in UTF-8 (RFC 6533)": GLOBAL,
    "two recipients, ours the second": TWO_BLOCKS,
}

WRONG_CODE = POSTFIX.replace("Delivered-To: {came_to}\n", "").replace(
    "\nTo: {came_to}", "\nTo: bounces+1.{zeros}@portal.example", 1
)
NO_CODE = POSTFIX.replace("Delivered-To: {came_to}\n", "").replace("\nTo: {came_to}", "\nTo: bounces@portal.example", 1)
OTHER_RECIPIENT = report(recipient("failed", "5.1.1", "550", final="rfc822; another@members.example"))
NO_RECIPIENT = report("Action: failed\nStatus: 5.1.1")
RELAYED = report(recipient("relayed", "2.1.9", "250 relayed to a server that sends no reports"))
UNKNOWN_ID = POSTFIX.replace("{message_id}", "<0123456789abcdef@portal.example>")
NO_ID = report(UNKNOWN_USER, returned="Content-Type: text/plain\n\nNothing is returned.")
PLAIN_TEXT = """Delivered-To: {came_to}
From: MAILER-DAEMON@x.example
To: {came_to}
Subject: Mail delivery failed: returning message to sender
In-Reply-To: {message_id}
Content-Type: text/plain

{address}: 550 5.1.1 User unknown. The bounce of {message_id}.
Action: failed
Final-Recipient: rfc822; {address}
"""
AWAY = """Delivered-To: {came_to}
From: {address}
To: {came_to}
Subject: Out of office until Monday
In-Reply-To: {message_id}
Auto-Submitted: auto-replied

I am away until Monday.
"""
READ_RECEIPT = POSTFIX.replace("delivery-status", "disposition-notification")
STATUS_IN_ANOTHER_MAIL = POSTFIX.replace("multipart/report; report-type=delivery-status", "multipart/mixed")
BROKEN = POSTFIX[: POSTFIX.index("Action")].replace('boundary="AAA"', "boundary=")
STRANGE = POSTFIX.replace("us-ascii", "=?x-unknown?Q?=00=ff?=").replace("Status: 5.1.1", "Status: \x00é\ud800")
NEVER_ENDS = POSTFIX.replace("--AAA--", "")

CHANGES_NOTHING = {
    "wrong code": (WRONG_CODE, "unproven"),
    "no code": (NO_CODE, "unproven"),
    "another recipient": (OTHER_RECIPIENT, "unproven"),
    "no recipient": (NO_RECIPIENT, "unproven"),
    "relayed": (RELAYED, "no_change"),
    "a message we never sent": (UNKNOWN_ID, "unknown"),
    "no message named": (NO_ID, "unknown"),
    "a bounce in plain text": (PLAIN_TEXT, "unknown"),
    "an answer that somebody is away": (AWAY, "unknown"),
    "a receipt that it was read": (READ_RECEIPT, "unknown"),
    "a status in another kind of mail": (STATUS_IN_ANOTHER_MAIL, "unknown"),
    "broken off": (BROKEN, "unknown"),
}


def about(text: str, sent: Sent, **other: str) -> bytes:
    """The report about this message."""
    words = {
        "came_to": sent.came_to,
        "message_id": sent.message_id,
        "address": sent.address,
        "zeros": "0" * 20,
        **other,
    }
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text.encode("utf-8", "surrogatepass")


def nested(depth: int) -> bytes:
    """A message in a message in a message."""
    return b"Content-Type: message/rfc822\n\n" * depth + b"Subject: x\n\nx"


Corpus = Callable[[], bytes]
