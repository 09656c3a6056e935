"""`make bench`: the main pages beside a floor page, against gunicorn with two workers; and its other parts.

`make bench ARGS=pages`, `notices`, `circulations` or `meetings` measures one of them.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
os.environ["ALLOWED_HOSTS"] = "127.0.0.1,testserver"

import django
import psycopg
from django.conf import settings
from psycopg import sql

DATABASE = "bench_portal"
FLOOR_MS = 13.0
AIMS = {
    "meeting": 25.0,
    "list": 15.0,
    "circulation": 25.0,
    "members": 26.0,
    "participant": 26.0,
    "participant, officer": 26.0,
    "participant, own": 26.0,
}
"""p50 in milliseconds where the floor page takes FLOOR_MS."""
MAX_QUERIES, MAX_FIRST_VISIT = 12, 60_000


def fresh_database() -> None:
    """An empty database of its own, for both roles; set before Django starts."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        url = os.environ[name]
        if name == "DATABASE_OWNER_URL":
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        os.environ[name] = url.rsplit("/", 1)[0] + f"/{DATABASE}"


def serve(port: int) -> subprocess.Popen[bytes]:
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_OWNER_URL"}
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--workers", "2", "--bind"]
    return subprocess.Popen([*command, f"127.0.0.1:{port}", "--log-level", "warning"], env=env)


def count_queries(path: str, cookie: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "testserver"})
    if cookie:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    with CaptureQueriesContext(connection) as found:
        status = client.get(path).status_code
    if status != 200:
        raise AssertionError(f"{path} answered {status}")
    return len(found)


@contextmanager
def served() -> Iterator[int]:
    """The web for a while; its port."""
    from tests.bench.measure import Target

    port = int(os.environ.get("BENCH_PORT", "8937"))
    server = serve(port)
    try:
        _wait(Target("first", "/meetings/", "", port))
        yield port
    finally:
        server.terminate()
        server.wait(20)


def main() -> int:
    """One part here; several each in a process and on a database of its own."""
    parts = sys.argv[1:] or list(PARTS)
    if len(parts) > 1:
        return max(subprocess.call([sys.executable, "-m", "tests.bench", part]) for part in parts)
    fresh_database()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("collectstatic", interactive=False, verbosity=0)
    return PARTS[parts[0]]()


def about_notices() -> int:
    from tests.bench import notices

    return notices.main(served)


def about_circulations() -> int:
    from tests.bench import circulations

    return circulations.main(served)


def about_meetings() -> int:
    from tests.bench import meetings

    return meetings.main(served)


def pages() -> int:
    from tests.bench import data
    from tests.bench.measure import Target, measure

    made = data.make()
    queries = {name: count_queries(path, made.cookies[name]) for name, path in made.paths.items()}
    with served() as port:
        figures = measure([Target(name, path, made.cookies[name], port) for name, path in made.paths.items()])
    return report(figures, queries)


PARTS = {"pages": pages, "notices": about_notices, "circulations": about_circulations, "meetings": about_meetings}


def _wait(target: "object") -> None:
    for _ in range(100):
        try:
            if target.get()[0] == 200:  # type: ignore[attr-defined]
                for _ in range(10):
                    target.get()  # type: ignore[attr-defined]
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("gunicorn does not answer")


def machine() -> str:
    memory = Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0]
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"{os.cpu_count()} cores, {round(int(memory) / 1024 / 1024)} GiB, Python {python}, Django {django.__version__}"
    )


def report(figures: dict, queries: dict[str, int]) -> int:  # type: ignore[type-arg]
    """Print the table; 1 when an aim is missed by the measure of this run's own floor page."""
    floor = figures["floor"].p50
    print(f"\n{machine()}; 2 gunicorn workers; floor page {floor:.1f} ms\n")
    heads = "page,p50 ms,p95 ms,of the floor,aim,req/s of 8 clients,HTML bytes,first visit bytes,requests,queries"
    print(f"| {' | '.join(heads.split(','))} |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    missed = []
    for name, one in figures.items():
        aim = AIMS.get(name)
        scaled = f"{aim / FLOOR_MS:.2f}" if aim else ""
        print(
            f"| {name} | {one.p50:.1f} | {one.p95:.1f} | {one.p50 / floor:.2f} | {scaled} | {one.per_second:.0f} | "
            f"{one.html:,} | {one.first_visit:,} | {one.requests} | {queries[name]} |"
        )
        if aim and (
            one.p50 / floor > aim / FLOOR_MS or queries[name] > MAX_QUERIES or one.first_visit > MAX_FIRST_VISIT
        ):
            missed.append(name)
    print(f"\n{'Missed: ' + ', '.join(missed) if missed else 'Every aim is met.'}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
