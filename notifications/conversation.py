"""One SMTP conversation with the mail server: opened once, one message after the other, each for one recipient."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from django.conf import settings

from notifications.letter import compose, recipient
from notifications.models import Notice
from notifications.reports.addresses import return_path
from notifications.rules import Stage, Verdict, judge

BROKEN = (smtplib.SMTPException, OSError)
"""What smtplib raises when the server is away, cuts the line, falls silent or answers out of order."""


class ServerFailed(Exception):
    """The mail server failed, not one message. `is_cut`: it broke off after the text of a message was sent."""

    def __init__(self, reason: str, *, is_cut: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.is_cut = reason[:300], is_cut


@dataclass(frozen=True)
class Answer:
    """What the server said to one message: accepted, try later or refused."""

    verdict: Verdict
    words: str


class Conversation:
    """Context manager around one connection. Raises ServerFailed when the server cannot be used."""

    def __init__(self) -> None:
        self.taken = 0

    def __enter__(self) -> Self:
        try:
            self.server = self._connect()
        except BROKEN as error:
            raise ServerFailed(f"{Stage.CONNECT}: {_words(error)}") from error
        try:
            self._greet()
        except BROKEN as error:
            self.server.close()
            raise ServerFailed(f"{Stage.GREET}: {_words(error)}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.server.quit()
        except BROKEN:
            self.server.close()

    def _connect(self) -> smtplib.SMTP:
        place = (settings.EMAIL_HOST, settings.EMAIL_PORT)
        if settings.EMAIL_URL.get("EMAIL_USE_SSL"):
            return smtplib.SMTP_SSL(*place, timeout=settings.EMAIL_TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(*place, timeout=settings.EMAIL_TIMEOUT)

    def _greet(self) -> None:
        self.server.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            self.server.starttls(context=ssl.create_default_context())
            self.server.ehlo()
        if settings.EMAIL_HOST_USER:
            self.server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)

    def deliver(self, notice: Notice) -> Answer:
        """Hand over one message. Returns what the server said about it; ServerFailed when it said nothing of use."""
        try:
            address, message = recipient(notice), compose(notice)
        except ValueError as error:
            return Answer(Verdict.REFUSED, f"The address cannot be used: {error}"[:300])
        for stage, say in (
            (Stage.SENDER, lambda: self.server.mail(return_path(notice.pk))),
            (Stage.RECIPIENT, lambda: self.server.rcpt(address)),
            (Stage.DATA, lambda: self.server.docmd("DATA")),
            (Stage.TEXT, lambda: self._text(message)),
        ):
            try:
                code, said = say()
            except BROKEN as error:
                cut = judge(stage, None) is Verdict.CUT
                raise ServerFailed(f"{stage}: {_words(error)}", is_cut=cut) from error
            verdict, words = judge(stage, code), f"{code} {_plain(said)}"[:300]
            if verdict is Verdict.SERVER_FAILED:
                raise ServerFailed(f"{stage}: {words}")
            if verdict is not Verdict.CONTINUE:
                break
        if verdict is Verdict.ACCEPTED:
            self.taken += 1
        else:
            self._start_over()
        return Answer(verdict, words)

    def _text(self, message: bytes) -> tuple[int, bytes]:
        """Send the text with its dots doubled (RFC 5321, 4.5.2) and wait for the server's word."""
        text = re.sub(rb"(?m)^\.", b"..", message)
        # In one write: the last dot alone would wait 40 ms for the other side's acknowledgement (Nagle's algorithm).
        self.server.send(text.removesuffix(b"\r\n") + b"\r\n.\r\n")
        return self.server.getreply()

    def _start_over(self) -> None:
        """Forget the refused message. A line cut here shows at the next message."""
        try:
            self.server.rset()
        except BROKEN:
            self.server.close()


def _words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{error.smtp_code} the server refused our sign-in"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {_plain(said if isinstance(said, bytes) else said.encode())}"
    return _plain(str(error).encode()) or type(error).__name__


def _plain(said: bytes) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in said.decode("utf-8", "replace")).split())
