"""The chain of the register: canonical JSON and its SHA-256; tools/verify_register.py repeats it.

An entry is a JSON object with sorted keys, no white space, UTF-8, no floats, times in UTC to the microsecond. `seq`
counts from 1 without a gap, `prev` is the head of the entry before (64 zeros before the first). The head of an entry is
the SHA-256 of its canonical bytes, so it stands for all that came before.
"""

import datetime as dt
import hashlib
import json
from typing import Any

GENESIS = "0" * 64


def canonical(content: dict[str, Any]) -> str:
    """The one way to write an entry. Raises ValueError for floats, which have more than one."""
    if _holds_float(content):
        raise ValueError("a register entry holds no floats")
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _holds_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_float(one) for one in value.values())
    if isinstance(value, list | tuple):
        return any(_holds_float(one) for one in value)
    return isinstance(value, float)


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def in_utc(moment: dt.datetime) -> str:
    """ "2026-11-24T03:35:32.000123Z"."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def export_line(content: str, head: str) -> str:
    """One line of an export: the canonical entry beside its head, itself canonical."""
    return f'{{"entry":{content},"head":"{head}"}}'
