#!/usr/bin/env python3
"""Check an export of the register. Standard library only, imports nothing of the portal: read it and trust it.

    verify_register.py verify FILE            is the chain whole? prints the number of entries and the last head
    verify_register.py verify-diff OLD NEW    does NEW begin with exactly the entries of OLD?
    verify_register.py verify-receipt RECEIPT [NEW]
                                              does the receipt's text fit its SHA-256, and is it an entry of NEW?
    verify_register.py verify-own FILE        does each line of a participant's own entries fit its head?

OLD may be an earlier export, or a text file with one head a line: "SEQ HEAD", "2026-11-24 HEAD" (as on the public page)
or "HEAD". A tail cut off, or a chain made anew from some entry on, passes `verify`: only `verify-diff` against a head
kept outside the portal finds it.
Exit code 0: as it should be; 1: not (the first bad seq is named); 2: the call or a file is wrong.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator

GENESIS = "0" * 64
KEYS = {
    "seq", "prev", "at", "act", "circulation", "document", "version", "text_sha256", "file_sha256",
    "participant", "actor", "appointment", "facts",
}  # fmt: skip
NOT_ON_RECEIPT = {"seq", "prev", "actor", "appointment"}
HEAD = re.compile(r"(?:[0-9a-f]{4} ?){16}\s*$")


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


def known_heads(path: str) -> tuple[dict[int, str], dict[str, str]]:
    """Heads to hold an export against: {seq: head} and, where no number was kept, {head: the words before it}."""
    with open(path, "rb") as file:
        start = file.read(1)
    if start == b"{":
        return dict(entries(path)), {}
    numbered: dict[int, str] = {}
    loose: dict[str, str] = {}
    with open(path, encoding="utf-8") as file:
        for line in filter(str.strip, file):
            head = HEAD.search(line)
            if head is None:
                raise ValueError(f"no head in the line {line.strip()!r}")
            words, plain = line[: head.start()].strip(), "".join(head.group().split())
            if words.isdecimal():
                numbered[int(words)] = plain
            else:
                loose.setdefault(plain, words or plain[:8])
    return numbered, loose


def verify_diff(old: str, new: str) -> str:
    numbered, loose = known_heads(old)
    count = len(numbered) + len(loose)
    missing = dict(numbered)
    last = 0
    for seq, head in entries(new):
        last = seq
        if missing.pop(seq, head) != head:
            raise Bad(f"seq {seq}: the head is not the one that was kept: an entry up to here was changed.")
        loose.pop(head, None)
    if missing:
        raise Bad(f"seq {min(missing)}: missing; the export ends at {last}.")
    if loose:
        raise Bad(
            f"The kept head of {next(iter(loose.values()))} is not in the export: an entry up to that day was changed."
        )
    return f"{last} entries, unbroken, and all {count} kept heads are in it."


def verify_receipt(path: str, export: str = "") -> str:
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\r\n") for line in file]
    text = next((line for line in lines if line.startswith("{")), None)
    heads = ["".join(found.group().split()) for line in lines if line != text and (found := HEAD.search(line))]
    if text is None or len(heads) != 2:
        raise ValueError("a receipt has one line in braces, its SHA-256 and a head")
    if hashlib.sha256(text.encode()).hexdigest() != heads[0]:
        raise Bad("The text of the receipt does not fit its SHA-256: one of them was changed.")
    if not export:
        return f"The text of the receipt fits its SHA-256. Keep the head: {heads[1]}"
    known = {head: seq for seq, head in entries(export)}
    if heads[1] not in known:
        raise Bad("The head of the receipt is not in the export: an entry up to it was changed or taken out.")
    seq = known[heads[1]]
    if receipt_part(export, seq) != text:
        raise Bad(f"seq {seq}: the entry does not say what the receipt says.")
    return f"The receipt is entry {seq} of the export, word for word, and the export is unbroken."


def receipt_part(export: str, seq: int) -> str:
    """What of an entry stands on its receipt: neither its place in the chain nor the person."""
    with open(export, "rb") as file:
        for number, raw in enumerate(file, 1):
            if number == seq:
                entry = json.loads(raw)["entry"]
                return canonical({key: entry[key] for key in KEYS - NOT_ON_RECEIPT})
    return ""


def verify_own(path: str) -> str:
    count = 0
    with open(path, "rb") as file:
        for count, raw in enumerate(file, 1):
            try:
                value = json.loads(raw.decode("utf-8"), parse_float=no_float)
                fits = hashlib.sha256(canonical(value["entry"]).encode()).hexdigest() == value["head"]
            except (UnicodeDecodeError, ValueError, KeyError, TypeError):
                raise Bad(f"line {count}: the line is not an entry.") from None
            if not fits:
                raise Bad(f"line {count}: the content does not fit its head.")
    return f"{count} entries, each fits its head. Only a full export shows whether they are in the chain."


def main(words: list[str]) -> int:
    try:
        if len(words) == 2 and words[0] == "verify":
            print(verify(words[1]))
        elif len(words) == 3 and words[0] == "verify-diff":
            print(verify_diff(words[1], words[2]))
        elif len(words) in (2, 3) and words[0] == "verify-receipt":
            print(verify_receipt(*words[1:]))
        elif len(words) == 2 and words[0] == "verify-own":
            print(verify_own(words[1]))
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
