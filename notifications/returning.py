"""What the portal's own receiver sends back, so that a portal without a mail server shows it: mail to
`…@returned.example` is taken and returned by a report as mail servers write it, `…@refused.example` is refused."""

import os
import uuid
from email.generator import BytesGenerator
from email.message import Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

REFUSED, RETURNED = "@refused.example", "@returned.example"
REFUSAL = "550 5.1.1 No such mailbox (sample)"


def is_refused(address: str) -> bool:
    return address.lower().endswith(REFUSED)


def return_to_sender(original: Message, sender: str, recipient: str) -> bool:
    """Put a report on this message into the mailbox of reports, where that is a folder. Answers whether it did."""
    place = urlsplit(settings.BOUNCE_MAILBOX)
    if not sender or not recipient.lower().endswith(RETURNED) or place.scheme != "maildir":
        return False
    folder = Path(unquote(place.path))
    name = f"{uuid.uuid4().hex}.receiver"
    for part in ("tmp", "new"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    written = folder / "tmp" / name
    with written.open("wb") as file:
        file.write(report_on(original, sender, recipient))
        os.fsync(file.fileno())
    written.rename(folder / "new" / name)
    return True


def report_on(original: Message, sender: str, recipient: str) -> bytes:
    """RFC 3464: the mailbox is not there."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "MAILER-DAEMON@returned.example"
    report["To"] = report["Delivered-To"] = sender
    report["Subject"] = "Undelivered mail returned to sender"
    report["Date"], report["Message-ID"] = formatdate(), make_msgid(domain="returned.example")
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText(f"The mailbox {recipient} is not there (sample).\n"))
    report.attach(_status(recipient))
    report.attach(MIMEMessage(original))
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False).flatten(report)
    return written.getvalue()


def _status(recipient: str) -> Message:
    of_message, of_recipient, part = Message(), Message(), Message()
    of_message["Reporting-MTA"] = "dns; mail.returned.example"
    of_recipient["Final-Recipient"] = f"rfc822; {recipient}"
    of_recipient["Action"] = "failed"
    of_recipient["Status"] = "5.1.1"
    of_recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 No such mailbox (sample)"
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([of_message, of_recipient])
    return part
