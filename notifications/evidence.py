"""Who was told about a thing, when, by which message, and what became of it: rows for a page and for the file.

Works for whatever notices are about. Where the register lists rounds of notices, each round is held against its entry:
the same number of messages, and the same SHA-256 over their Message-IDs.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit.services import Opening
from notifications.enums import ARRIVED, CHIPS, KIND_NAMES, RETURNED, WAITING, Kind, NoticeState
from notifications.reach import about

OPENED = ("n-opened", "Opened")
IN_DIGEST = "in a digest"
COLUMNS = (
    "pk", "kind", "participant_code", "user_id", "address", "message_id", "state", "queued_at", "accepted_at",
    "delivered_at", "bounced_at", "answer", "digest__state", "digest__accepted_at", "handled_at",
)  # fmt: skip


@dataclass(frozen=True)
class Message:
    """One message as evidence: to whom, under which Message-ID, when a server took it, what is known of it since."""

    pk: int
    kind: Kind
    participant_code: str
    user_id: int | None
    address: str
    message_id: str
    state: NoticeState
    queued_at: dt.datetime
    sent_at: dt.datetime | None
    changed_at: dt.datetime | None
    opened_at: dt.datetime | None
    answer: str
    in_digest: bool
    is_task: bool

    @property
    def has_arrived(self) -> bool:
        return self.state in ARRIVED

    @property
    def is_returned(self) -> bool:
        return self.state in RETURNED

    @property
    def is_opened(self) -> bool:
        """The person it went to opened the page after it was written. Not said of a message that came back."""
        return self.opened_at is not None and not self.is_returned

    @property
    def what(self) -> str:
        return KIND_NAMES[self.kind]

    @property
    def id_in_parts(self) -> tuple[str, str]:
        """The Message-ID without its brackets, to be broken after the @."""
        local, _, domain = self.message_id.strip("<>").partition("@")
        return f"{local}@", domain

    @property
    def chip(self) -> tuple[str, str]:
        return OPENED if self.is_opened else CHIPS[self.state]

    @property
    def words(self) -> str:
        """What stands beside the label: the answer of a server that sent it back, or that a digest carried it."""
        return self.answer if self.is_returned else IN_DIGEST if self.in_digest else ""

    @property
    def at(self) -> dt.datetime | None:
        """When the last that is known of it happened."""
        return self.opened_at if self.is_opened else self.changed_at


@dataclass(frozen=True)
class Listed:
    """A round of notices as the record has it: the register, or the log of deeds."""

    kind: Kind
    at: dt.datetime
    count: int
    sha256: str
    kept_in: str = "register"


@dataclass(frozen=True)
class Round:
    """Messages that one deed sent, with what the register says of them; `listed` is None where no register is kept."""

    name: str
    at: dt.datetime
    messages: tuple[Message, ...]
    listed: Listed | None = None

    @property
    def participants(self) -> int:
        return len({one.participant_code for one in self.messages})

    @property
    def sent(self) -> int:
        return sum(one.has_arrived for one in self.messages)

    @property
    def delivered(self) -> int:
        return sum(one.state == NoticeState.DELIVERED for one in self.messages)

    @property
    def opened(self) -> int:
        return sum(one.is_opened for one in self.messages)

    @property
    def returned(self) -> int:
        return sum(one.is_returned for one in self.messages)

    @property
    def waiting(self) -> int:
        """Still to be sent, or held back."""
        return len(self.messages) - self.sent - self.returned

    @property
    def difference(self) -> str:
        """What does not agree with the register, in a sentence; empty when all does."""
        if self.listed is None:
            return ""
        if self.listed.count != len(self.messages):
            return (
                f"{self.name}: the {self.listed.kept_in} lists {self.listed.count} messages, "
                f"the outbox holds {len(self.messages)}."
            )
        if self.listed.sha256 != list_sha256(one.message_id for one in self.messages):
            return f"{self.name}: these are not the messages that the {self.listed.kept_in} lists."
        return ""


def list_sha256(message_ids: Iterable[str]) -> str:
    """As the register has it: the Message-IDs sorted, a line each."""
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(message_ids)).encode()).hexdigest()


def messages_about(subject_kind: str, subject_ref: str, opened: Iterable[Opening]) -> list[Message]:
    """Every message about a thing to participants, oldest first. One query."""
    seen = {(one.participant_code, one.user_id): one for one in opened}
    rows = about(subject_kind, subject_ref).order_by("pk").values(*COLUMNS)
    return [_message(row, seen.get((row["participant_code"], row["user_id"]))) for row in rows]


def _message(row: Mapping[str, object], seen: Opening | None) -> Message:
    values = dict(row)
    digest_state, digest_at = values.pop("digest__state"), values.pop("digest__accepted_at")
    state = NoticeState(str(digest_state or values["state"]))
    sent_at, queued_at = digest_at or values.pop("accepted_at"), values["queued_at"]
    values.pop("accepted_at", None)
    changed = (values.pop("bounced_at"), values.pop("delivered_at"), sent_at)
    is_task = state in RETURNED and values.pop("handled_at") is None
    values.pop("handled_at", None)
    values["kind"] = Kind(str(values["kind"]))
    return Message(
        **{
            **values,
            "state": state,
            "sent_at": sent_at,
            "changed_at": next((one for one in changed if one), None),
            "opened_at": _opened_after(seen, queued_at),  # type: ignore[arg-type]
            "in_digest": bool(digest_state),
            "is_task": is_task,
        }
    )


def _opened_after(seen: Opening | None, at: dt.datetime) -> dt.datetime | None:
    if seen is None or seen.last_at < at:
        return None
    return seen.first_at if seen.first_at >= at else seen.last_at


def rounds_of(messages: list[Message], listed: Iterable[Listed]) -> list[Round]:
    """The messages by the deed that sent them, oldest first.

    A deed writes its entry and then its messages under the lock of the thing, so a round is what came first of its kind
    after the entry; what is left over went out by itself: a message again to a corrected address, a receipt.
    """
    entries = sorted(listed, key=lambda one: one.at)
    made, taken = [], set()
    for number, entry in enumerate(entries):
        later = [one.at for one in entries[number + 1 :] if one.kind == entry.kind]
        until = min(later, default=None)
        own = [
            one
            for one in messages
            if one.kind == entry.kind and one.queued_at >= entry.at and (until is None or one.queued_at < until)
        ][: entry.count]
        taken |= {one.pk for one in own}
        made.append(Round(_name(entry, entries), entry.at, tuple(own), entry))
    left = [one for one in messages if one.pk not in taken]
    for kind in dict.fromkeys(one.kind for one in left):
        own = [one for one in left if one.kind == kind]
        again = " again" if any(entry.kind == kind for entry in entries) else ""
        made.append(Round(f"{KIND_NAMES[kind]}{again}", own[0].queued_at, tuple(own)))
    return sorted(made, key=lambda one: one.at)


def _name(entry: Listed, entries: list[Listed]) -> str:
    same = [one for one in entries if one.kind == entry.kind]
    return f"{KIND_NAMES[entry.kind]} {same.index(entry) + 1}" if len(same) > 1 else KIND_NAMES[entry.kind]


def untold(messages: Iterable[Message], expected: Mapping[str, str]) -> list[str]:
    """Names of the participants that should have been told and to whom no message exists."""
    told = {one.participant_code for one in messages}
    return [name for code, name in expected.items() if code not in told]


def strangers(messages: Iterable[Message], expected: Mapping[str, str]) -> list[str]:
    """Codes of participants that were told and stand on no list."""
    return sorted({one.participant_code for one in messages} - set(expected))


def still_waiting(messages: Iterable[Message]) -> int:
    return sum(one.state in WAITING for one in messages)
