"""Rates: how fast mail may leave, in all and for each domain."""

import datetime as dt
import itertools
import time
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from notifications import drainer, health
from notifications.apps import check_mail, check_rates
from notifications.enums import Kind, NoticeState
from notifications.models import Notice, Tick
from notifications.rates import BURST_SECONDS, PREFIX, Pace, Paces, name_of
from notifications.services import Addressee, notify
from notifications.tasks import record_tick
from tests.notifications.server import Post

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def after(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def sent_within(pace: Pace, seconds: float, every: float) -> int:
    """How many leave when somebody tries at each such moment."""
    count = 0
    for moment in itertools.takewhile(lambda at: at < seconds, itertools.count(0, every)):
        while pace.is_free(after(moment)):
            pace.use(after(moment))
            count += 1
    return count


@pytest.mark.parametrize(("rate", "seconds", "least", "most"), [(2, 10, 19, 21), (30, 10, 299, 308), (0.1, 60, 6, 7)])
def test_pace_lets_through_what_the_rate_allows(rate: float, seconds: float, least: int, most: int) -> None:
    assert least <= sent_within(Pace(rate), seconds, 0.01) <= most


@given(
    st.floats(0.05, 200),
    st.lists(st.floats(0.0, 5.0), min_size=1, max_size=200),
    st.integers(0, 199),
)
def test_pace_never_lets_through_more_than_rate_and_bucket(rate: float, gaps: list[float], start: int) -> None:
    """In any span of time, whenever and however often somebody tries."""
    pace, moment, left = Pace(rate), 0.0, []
    for gap in gaps:
        moment += gap
        while pace.is_free(after(moment)):
            pace.use(after(moment))
            left.append(moment)
    span = left[min(start, len(left) - 1) :]
    bucket = max(1.0, rate * BURST_SECONDS)
    assert len(span) <= rate * (span[-1] - span[0]) + bucket + 0.01


def test_paces_of_domains_are_each_their_own_and_total_binds_all() -> None:
    paces = Paces({"*": 4, "slow.example": 1}, {})
    assert [paces.take("slow.example", NOW) for _ in range(2)] == [True, False]
    assert [paces.take("a.example", NOW) for _ in range(2)] == [True, False]
    assert paces.take("b.example", NOW)
    assert paces.wait(NOW) == pytest.approx(0.25)
    together = Paces({"total": 4}, {})
    assert [together.take(domain, NOW) for domain in ("a.example", "b.example")] == [True, False]


def test_paces_without_a_rate_for_the_domain_hold_nothing_back() -> None:
    paces = Paces({"slow.example": 1}, {})
    assert all(paces.take("a.example", NOW) for _ in range(100))
    assert paces.instants() == {}


def test_paces_go_on_where_the_last_claim_stopped() -> None:
    first = Paces({"*": 2}, {})
    assert first.take("a.example", NOW)
    second = Paces({"*": 2}, first.instants())
    assert not second.take("a.example", after(0.4))
    assert second.take("a.example", after(0.5))


def tell(domain: str, count: int) -> None:
    to = [Addressee(f"person{number}@{domain}") for number in range(count)]
    with transaction.atomic():
        notify(Kind.ACCOUNT, event=f"test:{domain}", to=to, context={"subject": "A subject", "body": "A body."})


def domains(post: Post) -> Counter[str]:
    return Counter(Notice.objects.filter(state=NoticeState.ACCEPTED.value).values_list("domain", flat=True))


@pytest.mark.django_db(transaction=True)
def test_drain_a_slow_domain_holds_up_no_other(post: Post, settings: Any) -> None:
    settings.MAIL_RATES = {"slow.example": 2.0}
    tell("slow.example", 60)
    tell("fast.example", 60)
    drainer.drain(seconds=1.5)
    found = domains(post)
    assert found["fast.example"] == 60
    assert 2 <= found["slow.example"] <= 4
    assert post.connections == 1
    assert not Notice.objects.exclude(state__in=["accepted", "queued"]).exists(), "nothing waits under a lease"


@pytest.mark.django_db(transaction=True)
def test_twin_without_rates_the_slow_domain_gets_all_at_once(post: Post) -> None:
    tell("slow.example", 60)
    drainer.drain(seconds=1.5)
    assert domains(post)["slow.example"] == 60


@pytest.mark.django_db(transaction=True)
def test_drain_keeps_the_rate_over_several_runs(post: Post, settings: Any) -> None:
    """Each run may be another process; what was sent is counted in the database."""
    settings.MAIL_RATES = {"*": 20.0}
    tell("members.example", 100)
    begun = time.monotonic()
    while time.monotonic() - begun < 2.0:
        drainer.drain(seconds=0.2)
    taken = time.monotonic() - begun
    assert 20 * 1.2 <= len(post.accepted) <= 20 * taken + 5 + 1


@pytest.mark.django_db(transaction=True)
def test_drain_in_all_not_more_than_the_total(post: Post, settings: Any) -> None:
    settings.MAIL_RATES = {"total": 10.0, "*": 8.0}
    for number in range(5):
        tell(f"p{number}.example", 10)
    drainer.drain(seconds=1.0)
    assert 6 <= len(post.accepted) <= 13


@pytest.mark.django_db(transaction=True)
def test_names_of_paces_are_the_same_in_the_database(settings: Any) -> None:
    settings.MAIL_RATES = {"*": 1.0}
    long = "protocol.division.of.the.ministry.of.foreign.affairs.example"
    tell(long, 3)
    tell("members.example", 3)
    batch = drainer.claim()
    assert batch is not None
    assert sorted(row.domain for row in batch.rows) == ["members.example", long]
    assert set(Tick.objects.filter(name__startswith=PREFIX).values_list("name", flat=True)) == {
        name_of(long),
        name_of("members.example"),
    }
    again = drainer.claim()
    assert again is not None
    assert (again.rows, 0 < again.wait <= 1) == ([], True)


@pytest.mark.django_db(transaction=True)
def test_health_of_rows_that_wait_for_their_rate(settings: Any) -> None:
    """They are late only from the moment at which their domain could have had the next one."""
    settings.MAIL_RATES = {"*": 0.5}
    record_tick()
    tell("members.example", 5)
    Notice.objects.update(due_at=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=300))
    assert not health.status().is_ok
    assert drainer.claim() is not None
    assert health.status().is_ok
    Tick.objects.filter(name=name_of("members.example")).update(at=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=70))
    assert not health.status().is_ok


@pytest.mark.parametrize(("rates", "found"), [({}, 0), ({"*": 30.0, "a.example": 0.5}, 0), ({"*": 0.0}, 1)])
def test_a_rate_of_nothing_is_refused_at_the_start(settings: Any, rates: dict[str, float], found: int) -> None:
    settings.MAIL_RATES = rates
    assert len(check_rates()) == found


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("DEFAULT_FROM_EMAIL", "Secretariat <notices@rso.example>", []),
        ("DEFAULT_FROM_EMAIL", "Secretariat", ["E002"]),
        ("DEFAULT_FROM_EMAIL", "a@b@rso.example", ["E002"]),
        ("BOUNCE_ADDRESS", "", []),
        ("BOUNCE_ADDRESS", "bounces@rso.example", []),
        ("BOUNCE_ADDRESS", "bounces.rso.example", ["E002"]),
        ("BOUNCE_ADDRESS", "a@b@rso.example", ["E002"]),
        ("BOUNCE_ADDRESS", "bounces@", ["E002"]),
        ("REGISTER_WITNESSES", ["one@elsewhere.example", "two"], ["E002"]),
        ("MESSAGE_ID_DOMAIN", "rso.example", []),
        ("MESSAGE_ID_DOMAIN", "a b", ["E003"]),
        ("MESSAGE_ID_DOMAIN", "", ["E003"]),
        ("BOUNCE_MAILBOX", "imaps://mail.rso.example", ["E004"]),
        ("BASE_URL", "https://portal.rso.example", []),
        ("BASE_URL", "portal.rso.example", ["E005"]),
    ],
)
def test_a_setting_of_mail_that_cannot_work_is_found_at_start(
    settings: Any, name: str, value: object, found: list[str]
) -> None:
    setattr(settings, name, value)
    assert [str(one.id).partition(".")[2] for one in check_mail()] == found
