"""`manage.py loaddemo`: people, drafts and circulations that are all invented, in an empty portal only."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.models import User
from portal import demo


class Command(BaseCommand):
    help = "Fill an empty portal with a demonstration; every invented record shows Sample."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", default=settings.FORUM_DIR / "demo")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if User.objects.exists():
            self.stdout.write("People have accounts already: no demonstration was added.")
            return
        if not folder.is_dir():
            self.stdout.write(f"There is no demonstration in {folder}: none was added.")
            return
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Set DEMO_PASSWORD: every invented person gets it.")
        made = demo.load(folder, password)
        self.stdout.write(f"{len(made)} circulations and {User.objects.count()} people of the demonstration were made.")
