"""What a process holds in memory for nothing: libraries that only make files stay out until a file is asked for."""

import subprocess
import sys

LOADS = """
import sys
import portal.celery
portal.celery.app.loader.import_default_modules()
import portal.urls
print(" ".join(sorted({"portal", "docx", "typst", "icalendar"} & set(sys.modules))))
"""


def test_a_worker_and_its_pages_start_without_the_libraries_of_files() -> None:
    """Each process would carry some 15 MiB of them; those that send mail (two for each worker) never make a file."""
    ran = subprocess.run([sys.executable, "-c", LOADS], capture_output=True, text=True, timeout=120, check=True)
    assert ran.stdout.split() == ["portal"]
