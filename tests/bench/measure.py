"""Times of pages over loopback: one client in turn, eight at once, and what a first visit sends."""

import http.client
import re
import statistics
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass

ROUNDS, PER_ROUND = 12, 15
CLIENTS, SECONDS = 8, 4.0
ASSET = re.compile(r'<(?:link[^>]*href|script[^>]*src|img[^>]*src)="(/[^"]+)"')


@dataclass(frozen=True)
class Target:
    name: str
    path: str
    cookie: str
    port: int

    def get(self, path: str = "", *, compressed: bool = False) -> tuple[int, bytes, int]:
        """(status, body as sent, bytes of the head)."""
        headers = {"Accept-Encoding": "br, gzip" if compressed else "identity"}
        if self.cookie:
            headers["Cookie"] = f"sessionid={self.cookie}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path or self.path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        head = sum(len(name) + len(value) + 4 for name, value in response.getheaders()) + 17
        connection.close()
        return response.status, body, head


@dataclass(frozen=True)
class Figures:
    p50: float
    p95: float
    per_second: float
    html: int
    first_visit: int
    requests: int


def one_client(targets: list[Target], *, empty: Collection[str] = ()) -> dict[str, list[float]]:
    """Milliseconds of each request; pages take turns, so that a slow moment of the machine hits all of them. Those
    named in `empty` must answer with nothing, all others with a page."""
    times: dict[str, list[float]] = {target.name: [] for target in targets}
    for _ in range(ROUNDS):
        for target in targets:
            for _ in range(PER_ROUND):
                started = time.perf_counter()
                status, _, _ = target.get()
                times[target.name].append((time.perf_counter() - started) * 1000)
                if status != (204 if target.name in empty else 200):
                    raise AssertionError(f"{target.path} answered {status}")
    return times


def eight_clients(target: Target) -> float:
    """Requests per second of eight clients, for a bounded time."""
    until = time.perf_counter() + SECONDS
    counts = [0] * CLIENTS

    def ask(number: int) -> None:
        while time.perf_counter() < until:
            target.get()
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def first_visit(target: Target) -> tuple[int, int]:
    """(bytes as sent with heads, requests) of the page and everything it names."""
    _, html, _ = target.get()
    _, body, head = target.get(compressed=True)
    total, asked = len(body) + head, 1
    for path in dict.fromkeys(ASSET.findall(html.decode())):
        status, asset, asset_head = target.get(path, compressed=True)
        if status != 200:
            raise AssertionError(f"{path} answered {status}")
        total, asked = total + len(asset) + asset_head, asked + 1
    return total, asked


def measure(targets: list[Target]) -> dict[str, Figures]:
    times = one_client(targets)
    found = {}
    for target in targets:
        sent, asked = first_visit(target)
        taken = times[target.name]
        found[target.name] = Figures(
            p50=statistics.median(taken),
            p95=statistics.quantiles(taken, n=20)[18],
            per_second=eight_clients(target),
            html=len(target.get()[1]),
            first_visit=sent,
            requests=asked,
        )
    return found
