"""The heads of the register that left the portal: one a day, on a public page and by e-mail. Reads only."""

from collections.abc import Iterator

from django.db.models import QuerySet

from endorsements.chain import export_line
from endorsements.enums import ENDED
from endorsements.models import PublishedHead, RegisterEntry
from members.models import Participant

ENDED_STATES = [state.value for state in ENDED]


def published() -> QuerySet[PublishedHead]:
    """Every published head, the newest first. Public."""
    return PublishedHead.objects.all()


def head_lines() -> Iterator[str]:
    """ "2026-11-24 HEAD" a day, oldest first: what `verify-diff` takes as heads that were kept."""
    for day, head in PublishedHead.objects.order_by("day").values_list("day", "head").iterator():
        yield f"{day.isoformat()} {head}\n"


def own_lines(participant: Participant) -> Iterator[str]:
    """The participant's entries in circulations that have ended, a line of the export each.

    Not of those that run: the numbers of the entries would tell how many others have replied.
    """
    rows = RegisterEntry.objects.filter(participant_code=participant.code, circulation__state__in=ENDED_STATES)
    for content, head in rows.order_by("seq").values_list("content", "head").iterator():
        yield export_line(content, head) + "\n"
