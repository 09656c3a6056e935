#!/usr/bin/env python3
"""Check an export of the register. Standard library only, imports nothing of the portal: read it and trust it.

    verify_register.py verify FILE            is the chain whole? prints the number of entries and the last head
    verify_register.py verify-diff OLD NEW    does NEW begin with exactly the entries of OLD?

OLD may be an earlier export, or a text file with one line "SEQ HEAD" (as on a receipt). A tail cut off, or a chain made
anew from some entry on, passes `verify`: only `verify-diff` against a head kept outside the portal finds it.
Exit code 0: as it should be; 1: not (the first bad seq is named); 2: the call or a file is wrong.
"""

import hashlib
import json
import sys
from collections.abc import Iterator

GENESIS = "0" * 64
KEYS = {
    "seq", "prev", "at", "act", "circulation", "document", "version", "text_sha256", "file_sha256",
    "participant", "actor", "appointment", "facts",
}  # fmt: skip


class Bad(Exception):
    """The chain does not hold; the message names the first bad seq."""


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def no_float(text: str) -> None:
    raise ValueError(f"a float: {text}")


def entries(path: str) -> Iterator[tuple[int, str]]:
    """(seq, head) of each line of an export, checked one by one. Raises Bad."""
    previous = GENESIS
    number = 0
    with open(path, "rb") as file:
        for number, raw in enumerate(file, 1):
            previous = check_line(raw, number, previous)
            yield number, previous
    if not number:
        raise Bad("The file holds no entry.")


def check_line(raw: bytes, number: int, previous: str) -> str:
    """Head of one line, or Bad. `number` is the seq that the line must have."""
    try:
        line = raw.decode("utf-8")
        value = json.loads(line, parse_float=no_float)
        entry, head = value["entry"], value["head"]
        content = canonical(entry)
    except (UnicodeDecodeError, ValueError, KeyError, TypeError):
        raise Bad(f"seq {number}: the line is not an entry.") from None
    if line != canonical(value) + "\n":
        raise Bad(f"seq {number}: the line is not in canonical form.")
    if set(entry) != KEYS:
        raise Bad(f"seq {number}: a field is missing or too many.")
    if type(entry["seq"]) is not int or entry["seq"] != number:
        raise Bad(f"seq {number}: the entry says seq {entry['seq']}.")
    if entry["prev"] != previous:
        raise Bad(f"seq {number}: it does not follow from the entry before.")
    if hashlib.sha256(content.encode()).hexdigest() != head:
        raise Bad(f"seq {number}: the content does not fit its head.")
    return str(head)


def verify(path: str) -> str:
    seq, head = 0, GENESIS
    for seq, head in entries(path):  # noqa: B007
        pass
    return f"{seq} entries, unbroken. Head: {head}"


def known_heads(path: str) -> dict[int, str]:
    """Heads to hold an export against: an earlier export, or lines "SEQ HEAD"."""
    with open(path, "rb") as file:
        start = file.read(1)
    if start == b"{":
        return dict(entries(path))
    with open(path, encoding="utf-8") as file:
        pairs = [line.split(maxsplit=1) for line in file if line.strip()]
    return {int(seq): head.strip().replace(" ", "") for seq, head in pairs}


def verify_diff(old: str, new: str) -> str:
    known = known_heads(old)
    missing = dict(known)
    last = 0
    for seq, head in entries(new):
        last = seq
        if missing.pop(seq, head) != head:
            raise Bad(f"seq {seq}: the head is not the one that was kept: an entry up to here was changed.")
    if missing:
        raise Bad(f"seq {min(missing)}: missing; the export ends at {last}.")
    return f"{last} entries, unbroken, and all {len(known)} kept heads are in it."


def main(words: list[str]) -> int:
    try:
        if len(words) == 2 and words[0] == "verify":
            print(verify(words[1]))
        elif len(words) == 3 and words[0] == "verify-diff":
            print(verify_diff(words[1], words[2]))
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except Bad as bad:
        print(bad)
        return 1
    except (OSError, ValueError) as error:
        print(f"The file cannot be read: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
