"""`manage.py receivemail --port N`: the portal's own SMTP receiver on 127.0.0.1, until SIGTERM or Ctrl-C."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications.receiver import controller


class Command(BaseCommand):
    help = "Accept every mail on 127.0.0.1 and keep it in the database. Nothing leaves the machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=1025)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        server = controller(port)
        try:
            server.start()
        except OSError as error:
            raise CommandError(
                f"Port {port} on 127.0.0.1 cannot be used ({error.strerror}): choose another."
            ) from error
        self.stdout.write(f"receiving mail on 127.0.0.1:{port}")
        self.stdout.flush()
        stop.wait()
        server.stop()
        server.handler.close()
