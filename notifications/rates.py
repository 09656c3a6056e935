"""How fast mail may leave, in all and for each domain: a token bucket, kept as one instant. No clock, no database."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

BURST_SECONDS = 0.25
"""A bucket holds what its rate brings in this time, and at least one message: in any span of time a domain gets at most
what its rate allows and this much more."""
EACH, TOTAL = "*", "total"
"""In the setting: every domain that has no rate of its own, each for itself; and all mail together."""
PREFIX, KEPT = "rate ", 35
"""Where an instant is kept (Tick.name). Domains that end in the same 35 letters share a pace: the safe side."""


@dataclass
class Pace:
    """A bucket: `next_at` is the first instant at which one more message may leave."""

    rate: float
    next_at: dt.datetime | None = None

    def is_free(self, now: dt.datetime) -> bool:
        return self.next_at is None or self.next_at <= now

    def use(self, now: dt.datetime) -> None:
        """One message leaves. What was not used before counts only as far as the bucket holds it."""
        step = dt.timedelta(seconds=1 / self.rate)
        saved = step * (max(1.0, self.rate * BURST_SECONDS) - 1)
        earliest = now - saved
        self.next_at = (earliest if self.next_at is None else max(self.next_at, earliest)) + step


class Paces:
    """The buckets of one claim: which of the rows that are due may leave now."""

    def __init__(self, rates: Mapping[str, float], kept: Mapping[str, dt.datetime]) -> None:
        """`rates`: messages a second by domain; `kept`: the instants of before, by name."""
        self.rates, self.kept = rates, kept
        self.used: dict[str, Pace] = {}

    def take(self, domain: str, now: dt.datetime) -> bool:
        """Whether a message to this domain may leave now; then it is counted."""
        buckets = [self._bucket(name, rate) for name, rate in self._limits(domain)]
        if not all(bucket.is_free(now) for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.use(now)
        return True

    def wait(self, now: dt.datetime) -> float:
        """Seconds until the first bucket that is empty now has a message again; 0 when none is."""
        instants = [at for at in self.instants().values() if at > now]
        return (min(instants) - now).total_seconds() if instants else 0.0

    def instants(self) -> dict[str, dt.datetime]:
        """What is to be kept for the next claim."""
        return {**self.kept, **{name: one.next_at for name, one in self.used.items() if one.next_at}}

    def _limits(self, domain: str) -> Iterable[tuple[str, float]]:
        if TOTAL in self.rates:
            yield name_of(TOTAL), self.rates[TOTAL]
        rate = self.rates.get(domain, self.rates.get(EACH))
        if rate is not None:
            yield name_of(domain), rate

    def _bucket(self, name: str, rate: float) -> Pace:
        return self.used.setdefault(name, Pace(rate, self.kept.get(name)))


def name_of(domain: str) -> str:
    """Under which name the instant of a domain is kept."""
    return PREFIX + domain[-KEPT:]
