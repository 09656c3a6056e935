"""A copy of the real forum's folder that tests may spoil, and what `loadforum` says of it."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from decisions.models import Outcome, Verb
from endorsements.models import Procedure
from meetings.models import Attendance, Meeting, MeetingNote
from members.models import Alias, Body, BodyChair, BodyMembership, Forum, Participant, Standing

REAL = settings.BASE_DIR / "forum" / "bali_process"


class ForumCopy:
    def __init__(self, place: Path) -> None:
        self.folder = place / "forum"
        shutil.copytree(REAL, self.folder)

    def change(self, file: str, old: str, new: str) -> int:
        """Replace text in one file; gives the line on which the new text begins."""
        path = self.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return text[: text.index(old)].count("\n") + 1

    def load(self, **options: bool) -> str:
        return load(self.folder, **options)

    def problems(self) -> list[str]:
        """The problems by which the folder is refused, with paths inside it."""
        err = StringIO()
        with pytest.raises(CommandError, match="nothing was changed"):
            call_command("loadforum", str(self.folder), stdout=StringIO(), stderr=err)
        return [line.removeprefix(f"{self.folder}/") for line in err.getvalue().splitlines()]


def load(folder: Path = REAL, **options: bool) -> str:
    out = StringIO()
    call_command("loadforum", str(folder), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def rows_in_database() -> int:
    models = (Forum, Participant, Alias, Standing, Body, BodyMembership, BodyChair, Verb, Procedure, Meeting, Outcome)
    return sum(model._default_manager.count() for model in (*models, Attendance, MeetingNote, AuditEntry))
