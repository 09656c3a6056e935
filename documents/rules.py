"""Rules of documents: the life of one, what a symbol looks like, when a version may be released. Arithmetic only."""

import re
from collections.abc import Sequence

from documents.enums import DocumentState

SYMBOL = re.compile(r"[A-Za-z0-9]+(?:[/.\-][A-Za-z0-9]+)*")
SYMBOL_LENGTH = 40

MOVES: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.DRAFTING: frozenset({DocumentState.CIRCULATED}),
    DocumentState.CIRCULATED: frozenset({DocumentState.DRAFTING, DocumentState.ENDORSED}),
    DocumentState.ENDORSED: frozenset({DocumentState.CIRCULATED, DocumentState.PUBLISHED, DocumentState.SUPERSEDED}),
    DocumentState.PUBLISHED: frozenset({DocumentState.SUPERSEDED}),
    DocumentState.SUPERSEDED: frozenset(),
}
"""Life of a document (domain, section 3). Back to drafting: its circulation was withdrawn. Back to circulated: a
co-chair looks at its endorsement again."""
TAKES_VERSIONS = frozenset({DocumentState.DRAFTING, DocumentState.CIRCULATED})


class NotAllowed(Exception):
    """The deed does not fit the state; the message is the sentence for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def move(state: str, to: str) -> str:
    """The state after a step of the life; staying where one is changes nothing. Raises NotAllowed."""
    old, new = DocumentState(state), DocumentState(to)
    if new != old and new not in MOVES[old]:
        raise NotAllowed(f"A document that is {old.value} does not become {new.value}.")
    return new.value


def takes_versions(state: str) -> bool:
    """Whether a new version may still be added."""
    return DocumentState(state) in TAKES_VERSIONS


def is_symbol(text: str) -> bool:
    """Letters and digits, with single / . or - between them, at most 40 characters."""
    return len(text) <= SYMBOL_LENGTH and SYMBOL.fullmatch(text) is not None


def needs_confirmation(left_out: Sequence[str], *, is_confirmed: bool) -> bool:
    """What the portal could not carry over is read and confirmed by an officer before a version is released."""
    return bool(left_out) and not is_confirmed
