"""Writes the table of who may do what, docs/access.md, from the functions that the pages ask."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.accesstable import as_markdown
from portal.deeds import SECTIONS


class Command(BaseCommand):
    help = "Write docs/access.md, or with --check fail when it is not what the code says."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "access.md"
        text = as_markdown(SECTIONS)
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise SystemExit("docs/access.md is not what the code says: run manage.py accesstable")
