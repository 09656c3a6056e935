"""A real SMTP server in a thread, whose answers a test sets per recipient."""

import asyncio
import email
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Script:
    """Answers by the start of the recipient's address; each is used up after `times` uses (None: never).

    Words: an answer line as "451 Later", "cut" (the line is cut without a word), "slow" (three seconds of silence,
    then as if nothing had been).
    """

    at_recipient: dict[str, list[str]] = field(default_factory=dict)
    at_text: dict[str, list[str]] = field(default_factory=dict)
    at_sender: list[str] = field(default_factory=list)
    delay: float = 0.0

    @staticmethod
    def next_word(table: dict[str, list[str]], address: str) -> str:
        for start, words in table.items():
            if address.startswith(start) and words:
                return words.pop(0)
        return ""


class Post:
    """Handler: keeps what it accepted, in order."""

    def __init__(self) -> None:
        self.script = Script()
        self.accepted: list[str] = []
        self.raw: dict[str, bytes] = {}
        self.connections = 0
        self.lock = threading.Lock()

    @property
    def times(self) -> Counter[str]:
        with self.lock:
            return Counter(self.accepted)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.script.at_sender:
            return self.script.at_sender.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        word = await self._play(server, Script.next_word(self.script.at_recipient, address))
        if word:
            return word
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        word = await self._play(server, Script.next_word(self.script.at_text, envelope.rcpt_tos[0]))
        if word:
            return word
        if self.script.delay:
            await asyncio.sleep(self.script.delay)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        key = str(email.message_from_bytes(content)["Message-ID"])
        with self.lock:
            self.accepted.append(key)
            self.raw[key] = content
        return "250 Taken"

    async def _play(self, server: SMTP, word: str) -> str:
        if word == "cut":
            server.transport.abort()  # type: ignore[union-attr]
            return "250 never read"
        if word == "slow":
            await asyncio.sleep(3)
            return ""
        return word


@contextmanager
def running() -> Iterator[tuple[Post, int]]:
    """The server on a free port of 127.0.0.1."""
    post = Post()
    # aiosmtpd asks the socket for its port only after it was given one: take a free one first.
    controller = Controller(post, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield post, controller.port
    finally:
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
