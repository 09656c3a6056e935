"""`manage.py exportregister FILE`: the whole register, one canonical line an entry, for tools/verify_register.py."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from endorsements.register import export_lines


class Command(BaseCommand):
    help = "Write the whole register to a file that tools/verify_register.py can check."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        count = 0
        try:
            with file.open("w", encoding="utf-8", newline="\n") as target:
                for count, line in enumerate(export_lines(), 1):  # noqa: B007
                    target.write(line + "\n")
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{count} entries written to {file}.")
