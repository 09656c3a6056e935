"""`make setup`: one sentence for what a machine lacks, and nothing twice."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent.parent


def setup_venv(base: Path, before: str, requirements: str = "") -> subprocess.CompletedProcess[str]:
    """Run tools/setup_venv.py in a folder of its own, after some lines that make the machine poorer."""
    (base / "tools").mkdir(exist_ok=True)
    shutil.copy(BASE / "tools" / "setup_venv.py", base / "tools")
    (base / "requirements.txt").write_text(requirements, encoding="ascii")
    script = f"import runpy, sys\n{before}\nsys.argv = ['', 'requirements.txt']\n"
    script += f"runpy.run_path({str(base / 'tools' / 'setup_venv.py')!r}, run_name='__main__')"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("before", "remedy"),
    [
        ("sys.version_info = (3, 10, 9, 'final', 0)", "make run PYTHON=python3.11"),
        ("import importlib.util; importlib.util.find_spec = lambda name: None", "apt install python3"),
        ("import shutil; shutil.disk_usage = lambda place: shutil._ntuple_diskusage(9, 8, 1)", "free some space"),
    ],
)
def test_setup_says_what_is_missing(tmp_path: Path, before: str, remedy: str) -> None:
    """Old Python, no venv, full disk: one sentence with its remedy, and nothing is made."""
    result = setup_venv(tmp_path, before)
    assert result.returncode == 1
    assert remedy in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / ".venv").exists()


@pytest.mark.slow
def test_setup_installs_once_and_names_what_fails(tmp_path: Path) -> None:
    """A second call does nothing; a package that cannot be had is one sentence; a changed file installs again."""
    first = setup_venv(tmp_path, "")
    assert first.returncode == 0, first.stderr
    assert "Installing requirements.txt" in first.stdout
    assert setup_venv(tmp_path, "").stdout == ""
    broken = setup_venv(tmp_path, "", f"missing @ file://{tmp_path}/missing.whl\n")
    assert broken.returncode == 1
    assert broken.stderr.startswith("Installing requirements.txt failed (ERROR")
    assert broken.stderr.count("\n") == 1
    assert "Installing" in setup_venv(tmp_path, "").stdout
