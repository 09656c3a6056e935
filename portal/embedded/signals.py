"""Signals only set a flag; whoever waits looks at it, so none lands between a fork and its record."""

import signal
import time
from collections.abc import Callable
from types import FrameType

from portal.embedded.errors import StopAsked

STEP = 0.05
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """How often this process was asked to stop: once means in order, twice means now."""

    def __init__(self) -> None:
        """Take over the stopping signals; from here on they count and do nothing else."""
        self.times = 0
        self.last = signal.SIGTERM
        self._counted_at = float("-inf")
        for number in STOPPING:
            signal.signal(number, self._count)

    def _count(self, number: int, frame: FrameType | None) -> None:
        # make passes on what the whole group has got already: twice within a second is once.
        now = time.monotonic()
        if now - self._counted_at >= 1:
            self.times += 1
            self._counted_at = now
        self.last = signal.Signals(number)

    def check(self) -> None:
        """Raise StopAsked if a stop was asked for."""
        if self.times:
            raise StopAsked

    @property
    def hurry(self) -> bool:
        """Whether a second signal came: patience is over."""
        return self.times > 1


def wait_until(true: Callable[[], bool], seconds: float, cut_short: Callable[[], bool] = lambda: False) -> bool:
    """Look every 50 ms until it is true, time is over or the wait is cut short; say whether it is true."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= until or cut_short():
            return true()
        time.sleep(STEP)
    return True
