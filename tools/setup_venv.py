"""Make .venv and install one requirements file into it; a second call sees that nothing changed and ends at once.

Standard library only, run by the system's Python: python3 tools/setup_venv.py requirements-embedded.txt
Whatever is missing is said in one sentence with its remedy, and the exit code is 1.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (older versions reach this line and must understand it)
    sys.exit(
        "The portal needs Python 3.11 or newer, this is Python %d.%d: install python3.11 (or newer) and name it, "  # noqa: UP031
        "for example: make run PYTHON=python3.11" % sys.version_info[:2]
    )

import errno
import hashlib
import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
STAMP = VENV / "installed.json"
LOG = VENV / "install.log"
LEAST_FREE = 1024**3


def main(arguments: list[str]) -> int:
    """Bring .venv up to the requirements file named; say nothing when it is."""
    if len(arguments) != 1 or not (BASE / arguments[0]).is_file():
        return fail("Name one requirements file of the portal, for example: make setup")
    try:
        wanted = hashes(BASE / arguments[0])
        if is_installed(wanted):
            return 0
        return setup(arguments[0], wanted)
    except OSError as error:
        return fail(sentence_for(error))
    except KeyboardInterrupt:
        return fail("Stopped; the next make setup goes on from here.")


def hashes(file: Path) -> dict[str, str]:
    """The fingerprint of a requirements file and of those it includes, each by name."""
    text = file.read_text(encoding="utf-8")
    found = {file.name: hashlib.sha256(text.encode()).hexdigest()}
    for line in text.splitlines():
        if line.startswith("-r "):
            found |= hashes(file.parent / line[3:].strip())
    return found


def interpreter() -> str:
    """What .venv was made with; another Python or another place needs a new one."""
    return f"{sys.version_info[0]}.{sys.version_info[1]} {VENV}"


def is_installed(wanted: dict[str, str]) -> bool:
    """Whether the stamp in .venv says that all of this is in it, and its Python still stands."""
    stamp = read_stamp()
    if stamp.get("interpreter") != interpreter() or not os.access(VENV / "bin" / "python", os.X_OK):
        return False
    return all(stamp.get(name) == value for name, value in wanted.items())


def read_stamp() -> dict[str, str]:
    """The stamp of the last complete installation; empty when there is none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def setup(requirements: str, wanted: dict[str, str]) -> int:
    """Check what is needed, make .venv, install, and set the stamp last."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return fail(
            "This Python has no venv module with pip: install it (Debian and Ubuntu: apt install "
            f"python{version}-venv), or name another Python: make run PYTHON=/path/to/python3"
        )
    free = shutil.disk_usage(BASE).free
    if free < LEAST_FREE:
        return fail(
            f"Only {free // 1024**2} MB are free on the disk of {BASE}, and the installation needs 1 GB: "
            "free some space, or move the folder to another disk."
        )
    stamp = read_stamp()
    fresh = stamp.get("interpreter") != interpreter()
    if fresh and not make_venv():
        return 1
    print(f"Installing {requirements} into .venv (a minute or two the first time)", flush=True)
    STAMP.unlink(missing_ok=True)
    if not install(requirements):
        return 1
    kept = {} if fresh else {name: value for name, value in stamp.items() if name not in wanted}
    STAMP.write_text(json.dumps({**kept, **wanted, "interpreter": interpreter()}, indent=1), encoding="utf-8")
    return 0


def make_venv() -> bool:
    """Make .venv anew when its Python is missing, of another version or at another place."""
    if venv_is_ours():
        return True
    print("Making .venv", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    if result.returncode:
        last = (result.stdout + result.stderr).strip().splitlines()[-1:] or ["no reason given"]
        fail(
            f"Python could not make {VENV} ({last[0]}): install the venv module (Debian and Ubuntu: apt install "
            "python3-venv), or name another Python: make run PYTHON=/path/to/python3"
        )
    return result.returncode == 0


def venv_is_ours() -> bool:
    """Whether .venv works as it stands: its Python runs, has pip, is of this version and knows this place."""
    question = "import pip, sys; print('%d.%d' % sys.version_info[:2], sys.prefix)"
    try:
        result = subprocess.run(
            [str(VENV / "bin" / "python"), "-c", question], check=False, capture_output=True, text=True
        )
    except OSError:
        return False
    return result.returncode == 0 and result.stdout.strip() == interpreter()


def install(requirements: str) -> bool:
    """Run pip; what it says is kept in a log, its last error is shown."""
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--requirement", requirements]
    with LOG.open("w", encoding="utf-8") as out:
        result = subprocess.run(command, check=False, cwd=BASE, stdout=out, stderr=subprocess.STDOUT)
    if result.returncode == 0:
        return True
    text = LOG.read_text(encoding="utf-8", errors="replace")
    if "No space left on device" in text:
        fail(f"The disk of {BASE} is full: free 1 GB, then run make setup again.")
        return False
    errors = [line for line in text.splitlines() if line.startswith("ERROR")] or text.splitlines()[-1:] or [""]
    fail(
        f"Installing {requirements} failed ({errors[-1].strip()}): check the connection to the package index, "
        f"then run make setup again; all that pip said is in {LOG}"
    )
    return False


def sentence_for(error: OSError) -> str:
    """One sentence for what the system refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {BASE} is full: free 1 GB, then run make setup again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Cannot write in {BASE} ({error.filename}): run make as the user to whom the folder belongs."
    return f"Setting up {VENV} failed: {error.strerror or error} ({error.filename}); remove .venv and run make again."


def fail(sentence: str) -> int:
    """Say it on standard error; the exit code is 1."""
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
