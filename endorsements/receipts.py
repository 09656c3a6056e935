"""A receipt as a text of its own: what was said, without where it stands in the chain.

Between two of its receipts a participant must not be able to count what others said, so a receipt shows no number of
an entry. Its text is the part of the entry that the participant knows; tools/verify_register.py finds that part again
in an export of the register.
"""

import json
from collections.abc import Iterable

from endorsements.chain import canonical, digest

KEYS = (
    "act",
    "at",
    "circulation",
    "document",
    "version",
    "text_sha256",
    "file_sha256",
    "participant",
    "facts",
)
"""What of an entry is on its receipt: neither seq and prev nor the person."""


def receipt_line(content: str) -> str:
    """The canonical text of a receipt, from the canonical text of its entry."""
    entry = json.loads(content)
    return canonical({key: entry[key] for key in KEYS})


def receipt_digest(content: str) -> str:
    """SHA-256 of the receipt's text, 64 hexadecimal digits."""
    return digest(receipt_line(content))


def receipt_file(title: str, content: str, head: str, *, notes: Iterable[str] = ()) -> str:
    """The receipt to keep: readable lines, the canonical text, its SHA-256, the head of the register after it.

    `notes` are sentences that go with it, each put on one line: what stands in them is no line in braces.
    """
    line = receipt_line(content)
    said = "".join(f"{' '.join(note.split())}\n" for note in notes)
    return (
        f"{title}\n{said}\n{line}\n\n"
        f"SHA-256 of the line in braces: {digest(line)}\n"
        f"Head of the register after this entry: {head}\n"
    )
