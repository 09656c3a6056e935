"""`python -m documents.reader KIND PATH LIMIT`: gate and reading of one file in a process of its own.

The process takes away its own memory, time and files before it opens anything, so that a file made to harm ends this
process and nothing else. It prints one JSON object: `{"blocks": …, "left_out": …}` or `{"refused": "sentence"}`.
"""

import json
import resource
import sys
from pathlib import Path

from documents import gate
from documents.paragraphs import Draft, from_plain_text
from documents.refusal import Refused
from documents.word import from_word

MEMORY = 1024 * 1024 * 1024
SECONDS = 15


def limit_process() -> None:
    """Memory, processor time, open files; nothing can be written and no core is left behind."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def read(kind: str, path: Path, limit: int) -> Draft:
    """Gate, then paragraphs. Raises Refused."""
    gate.check(kind, path, limit)
    if kind == gate.WORD:
        return from_word(path)
    return from_plain_text(gate.decode_text(path.read_bytes()))


def main(arguments: list[str]) -> int:
    """Read the file and print what was found, or the sentence of the refusal."""
    limit_process()
    kind, path, limit = arguments
    try:
        draft = read(kind, Path(path), int(limit))
    except Refused as refused:
        answer: dict[str, object] = {"refused": refused.message}
    else:
        answer = {"blocks": [tuple(block) for block in draft.blocks], "left_out": draft.left_out}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
