"""The portal's own mail server for places without one: it keeps every message, and nothing leaves the machine."""

import asyncio
import email
import logging
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error, close_old_connections

from notifications.models import KeptMail
from notifications.returning import REFUSAL, is_refused, return_to_sender

logger = logging.getLogger("notifications")

SIZE_LIMIT = 1024 * 1024


class Keeper:
    """Handler of aiosmtpd: one thread writes, with one connection, which is renewed after the database restarted."""

    def __init__(self) -> None:
        self.writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if is_refused(address):
            return REFUSAL
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self.writer, self.keep, envelope)
        except Error as error:
            logger.warning("mail not kept: %s", type(error).__name__)
            # 421: our trouble, not the recipient's, so the drainer waits and tries again.
            return "421 4.3.0 The store is away, try again"
        return "250 2.0.0 Kept"

    def keep(self, envelope: Envelope) -> None:
        """One row per recipient, committed before the answer."""
        close_old_connections()
        try:
            message = email.message_from_bytes(_bytes(envelope.content), policy=default)
            KeptMail.objects.bulk_create(_row(message, envelope.mail_from or "", to) for to in envelope.rcpt_tos)
            for to in envelope.rcpt_tos:
                return_to_sender(email.message_from_bytes(_bytes(envelope.content)), envelope.mail_from or "", to)
        finally:
            close_old_connections()

    def close(self) -> None:
        self.writer.submit(_close_all).result(timeout=5)
        self.writer.shutdown()


def controller(port: int, host: str = "127.0.0.1") -> Controller:
    """A server that is not started yet; its handler is a Keeper."""
    return Controller(Keeper(), hostname=host, port=port, data_size_limit=SIZE_LIMIT)


def _row(message: EmailMessage, sender: str, to: str) -> KeptMail:
    part = message.get_body(("plain", "html"))
    return KeptMail(
        message_id=_header(message, "Message-ID", 120),
        sender=sender[:254],
        recipient=to[:254],
        subject=_header(message, "Subject", 250),
        body=str(part.get_content()).replace("\r\n", "\n").replace("\x00", "") if part else "",
        is_secret=message["X-Portal-Secret"] == "1",
    )


def _header(message: EmailMessage, name: str, length: int) -> str:
    return " ".join(str(message[name] or "").replace("\x00", "").split())[:length]


def _bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else str(content or "").encode()


def _close_all() -> None:
    from django.db import connections

    connections.close_all()
