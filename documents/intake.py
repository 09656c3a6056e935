"""From an upload to paragraphs: the file is put aside, and a limited process looks at it and reads it."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from documents.paragraphs import Block, Draft
from documents.refusal import Refused

TIMEOUT = 20
_ROOT = Path(__file__).resolve().parent.parent
_log = logging.getLogger(__name__)


def read_apart(kind: str, path: Path, limit: int, *, timeout: float = TIMEOUT) -> Draft:
    """Gate and reading in a process of its own, which gets no secret of ours in its environment. Raises Refused."""
    command = [sys.executable, "-m", "documents.reader", kind, str(path), str(limit)]
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            command,
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        _log.warning("Reading an upload took more than %s s and was stopped.", timeout)
        raise Refused(_TOO_MUCH) from late
    answer = _answer(ended.stdout) if ended.returncode == 0 else None
    if answer is None:
        _log.warning(
            "Reading an upload ended with %s: %s", ended.returncode, ended.stderr[-2000:].decode(errors="replace")
        )
        raise Refused(_UNREADABLE if ended.returncode == 1 else _TOO_MUCH)
    if refused := answer.get("refused"):
        raise Refused(refused)
    return Draft(tuple(Block(*one) for one in answer["blocks"]), tuple(answer["left_out"]))


def _answer(output: bytes) -> dict | None:
    try:
        answer = json.loads(output)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and ("refused" in answer or "blocks" in answer) else None


_TOO_MUCH = (
    "Reading this file takes too much time or memory. Make the document simpler or split it, and upload it again."
)
_UNREADABLE = (
    "This file could not be read. Open it in Word, save it again as a Word document (.docx) and upload that file; "
    "or upload the draft as a plain text (.txt)."
)
