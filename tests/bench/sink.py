"""A mail server that takes every message and keeps none; a process of its own, so that it shares no interpreter.

python -m tests.bench.sink PORT; every half second it prints how many it has taken.
"""

import asyncio
import sys
import time

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken += 1
        return "250 Taken"


async def serve(port: int) -> None:
    sink = Sink()
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: SMTP(sink, hostname="sink.example"), "127.0.0.1", port):
        while True:
            print(f"{time.monotonic():.3f} {sink.taken}", flush=True)
            await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
