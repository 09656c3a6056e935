"""Loads a forum from its folder of files: checks everything first, then writes all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from audit.history import made_by
from portal.forumdata.applying import Stopped, apply
from portal.forumdata.checking import check
from portal.forumdata.reading import Report
from portal.forumdata.schema import ForumFiles


class Command(BaseCommand):
    help = "Check a folder of forum data and write it to the database; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", nargs="?", default=settings.FORUM_DIR, help="else FORUM_DIR's"
        )
        parser.add_argument("--files-win", action="store_true", help="follow the files where the portal was edited too")
        parser.add_argument("--check", action="store_true", help="only check the files; change nothing")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        report = Report()
        files = ForumFiles(folder, report)
        check(files)
        self._refuse(report)
        count = 1 + sum(len(rows) for rows in files.rows.values())
        if options["check"]:
            self.stdout.write(f"{folder}: {count} rows in {files.files} files, no problem found. Nothing was changed.")
            return
        try:
            with made_by("loadforum"):
                tally = apply(files, files_win=options["files_win"])
        except Stopped:
            self._refuse(report)
            raise
        except IntegrityError as error:
            detail = " ".join(str(error).split())
            raise CommandError(f"The database refused a row, and nothing was changed: {detail}") from error
        self.stdout.write(f"{folder}: {tally}.")

    def _refuse(self, report: Report) -> None:
        if not report:
            return
        for problem in report:
            self.stderr.write(str(problem), self.style.ERROR)
        found = f"{len(report)} problem{'' if len(report) == 1 else 's'} found"
        raise CommandError(f"{found}; nothing was changed.")
