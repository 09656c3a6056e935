"""The corrigendum as a rule over plain values: an editorial slip in an open version is mended beside the text, never in
it. Source: the forum's procedure; any participant may ask for a new clock instead, which decides nothing by itself."""

import datetime as dt
from collections.abc import Iterable

from endorsements.rules import NotAllowed

Slip = tuple[str, str]
"""What it said, and what it says."""


def corrected(text: str, slips: Iterable[Slip]) -> str:
    """A paragraph as it reads with these slips mended, one after the other."""
    for said, says in slips:
        text = text.replace(said, says, 1)
    return text


def check_slip(text: str | None, earlier: Iterable[Slip], *, said: str, says: str) -> None:
    """May this slip be mended? `text`: of the paragraph as filed, None where the version has no such paragraph;
    `earlier`: slips of that paragraph that were mended before. The words must stand there, and in one place."""
    if text is None:
        raise NotAllowed("This version has no such paragraph. Choose one from the list.", "paragraph")
    if not said:
        raise NotAllowed("Copy the words that are wrong from the paragraph.", "said")
    if not says:
        raise NotAllowed("Write how these words should read. To take a word out, copy the words beside it too.", "says")
    if said == says:
        raise NotAllowed("These are the same words. Write how they should read.", "says")
    found = corrected(text, earlier).count(said)
    if not found:
        raise NotAllowed("These words do not stand in this paragraph. Copy them letter by letter.", "said")
    if found > 1:
        raise NotAllowed("These words stand there more than once. Copy more of the sentence.", "said")


def check_ask(last_corrected_at: dt.datetime | None, last_asked_at: dt.datetime | None, reason: str) -> None:
    """May a participant ask for a new clock? Only after a corrigendum, and once after each."""
    if last_corrected_at is None:
        raise NotAllowed("Nothing was corrected in this draft. To ask for more time, send that as your reply.")
    if last_asked_at is not None and last_asked_at > last_corrected_at:
        raise NotAllowed("A new deadline was asked for already, after this correction. Nothing was recorded twice.")
    if not reason.strip():
        raise NotAllowed("Write why the correction needs a new deadline.", "reason")
