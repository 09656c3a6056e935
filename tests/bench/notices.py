"""Notices: the fan-out of one event to 193 participants of 50 people, the drain beside a plain loop, a worker's memory,
the web while mail goes out, and the pages with a million old rows."""

import datetime as dt
import logging
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from members.models import User
from notifications import drainer
from notifications.enums import Kind, NoticeState
from notifications.letter import compose, recipient, sender
from notifications.models import Notice
from notifications.services import Addressee, notify
from tests.bench.measure import Target

PARTICIPANTS, PEOPLE = 193, 50
FAN_OUT_SECONDS, DRAIN_SHARE = 3.0, 0.80
TURNS = 10
"""The drain and the loop take turns, a tenth of the messages each, so that a slow moment hits both."""
SUBJECT = "bench"
DAY = dt.timedelta(days=1)
Serve = Callable[[], AbstractContextManager[int]]
"""Starts the web for a while; its port."""


@dataclass(frozen=True)
class Row:
    """One figure and its aim."""

    what: str
    measured: str
    aim: str
    is_met: bool


def people() -> list[User]:
    """An account for everyone who is told."""
    wanted = PARTICIPANTS * PEOPLE
    User.objects.bulk_create(
        (User(email=f"told{n}@p{n // PEOPLE}.example", name=f"Person {n}", password="!") for n in range(wanted)),
        batch_size=2_000,
    )
    return list(User.objects.filter(email__startswith="told").order_by("pk"))


def addressees(users: list[User]) -> list[Addressee]:
    """Fifty people of each participant, of whom two reply for it."""
    return [
        Addressee(
            user.email,
            user.name,
            user.pk,
            f"P{number // PEOPLE}",
            f"Republic of Participant Number {number // PEOPLE}",
            "Asia/Colombo" if number // PEOPLE % 2 else "Pacific/Auckland",
            "Colombo" if number // PEOPLE % 2 else "Wellington",
            may_reply=number % PEOPLE < 2,
        )
        for number, user in enumerate(users)
    ]


def tell(to: list[Addressee], event: str) -> list[Notice]:
    """One event, by the one door, in one transaction as a deed has it."""
    context = {
        "symbol": "HF/2026/1",
        "version_number": 1,
        "body_name": "Harbour Group",
        "expires_at": dt.datetime(2026, 7, 5, 10, tzinfo=dt.UTC),
        "forum_zone": "Asia/Bangkok",
        "forum_city": "Bangkok",
        "sentence": "A member that does not object by the deadline is recorded as having no objection.",
        "paragraph": "The text was discussed at the last meeting of the group; paragraphs 4 and 9 are new.",
        "register_seq": 12,
        "register_head": "b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184",
    }
    with transaction.atomic():
        return notify(
            Kind.CIRCULATION_OPENED,
            event=event,
            to=to,
            context=context,
            subject_kind=SUBJECT,
            subject_ref=event,
            path="/circulations/HG-2026-01/",
            answer_by=context["expires_at"],  # type: ignore[arg-type]
        )


def fan_out(to: list[Addressee], times: int = 3) -> float:
    """Median of the seconds in which the rows are written and committed; they are taken away again but for the last."""
    taken = []
    for number in range(times):
        Notice.objects.filter(subject_kind=SUBJECT).delete()
        started = time.perf_counter()
        made = tell(to, f"bench.told:{number}")
        taken.append(time.perf_counter() - started)
        if len(made) != len(to):
            raise AssertionError(f"{len(made)} rows of {len(to)}")
    return statistics.median(taken)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def sink() -> Iterator[int]:
    """The mail server of the measurements, on the settings of this process."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.sink", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        try:
            yield port
        finally:
            server.terminate()


def loop(server: smtplib.SMTP, rows: list[Notice]) -> float:
    """Seconds of the plain loop: render and send, nothing is written down."""
    started = time.perf_counter()
    for row in rows:
        server.sendmail(sender(), [recipient(row)], compose(row))
    return time.perf_counter() - started


def drain_share() -> tuple[float, float]:
    """(mails a second of the loop, of the drainer) over the same rows, in turns."""
    rows = list(Notice.objects.filter(state=NoticeState.QUEUED.value).order_by("pk"))
    part = len(rows) // TURNS
    looped = drained = 0.0
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(state=NoticeState.WITHHELD.value)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_notice")
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=10) as server:
        for turn in range(TURNS):
            some = rows[turn * part : (turn + 1) * part]
            Notice.objects.filter(pk__in=[row.pk for row in some]).update(state=NoticeState.QUEUED.value)
            looped += loop(server, some)
            started = time.perf_counter()
            taken = drainer.drain()
            drained += time.perf_counter() - started
            if taken != len(some):
                raise AssertionError(f"{taken} of {len(some)} were sent")
    return TURNS * part / looped, TURNS * part / drained


def made_and_drained() -> list[Row]:
    """The fan-out and the drain, in this process."""
    to = addressees(people())
    seconds = fan_out(to)
    with sink():
        looped, drained = drain_share()
    share = drained / looped
    return [
        Row(
            f"rows of one event to {len(to):,} people written",
            f"{seconds:.2f} s",
            f"< {FAN_OUT_SECONDS:.0f} s",
            seconds < FAN_OUT_SECONDS,
        ),
        Row(
            "drain beside the loop",
            f"{drained:.0f} of {looped:.0f} mails/s: {share:.0%}",
            f"≥ {DRAIN_SHARE:.0%}",
            share >= DRAIN_SHARE,
        ),
    ]


def report(rows: list[Row], of: str = "notices") -> int:
    """Print the table; 1 when an aim is missed."""
    print(f"\n| {of} | measured | aim | |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.measured} | {row.aim} | {'met' if row.is_met else 'MISSED'} |")
    missed = [row.what for row in rows if not row.is_met]
    print(f"\n{'Missed: ' + ', '.join(missed) if missed else 'Every aim is met.'}")
    return bool(missed)


def main(serve: Serve) -> int:
    """All of it, on an empty database."""
    from tests.bench import old_rows, worker

    logging.getLogger("notifications").setLevel(logging.WARNING)
    rows = made_and_drained()
    officer, cookie = old_rows.officer()
    with serve() as port:
        rows += worker.measure(Target("floor", "/floor/", cookie, port))
        rows += old_rows.measure(officer, cookie, port)
    return report(rows)
