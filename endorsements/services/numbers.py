"""What an ending does to the number and to the document, and what becomes of both when it is reviewed. Steps, inside a
verb's transaction."""

import datetime as dt
from zoneinfo import ZoneInfo

from decisions.enums import Standing
from decisions.models import Outcome
from decisions.services import next_number, record_outcome, review_outcome
from documents.enums import Audience, DocumentState
from documents.services import move_document
from endorsements import register, words
from endorsements.enums import SUCCESSFUL, Mode, State
from endorsements.models import Circulation
from members.access import forum


def number_and_document(circulation: Circulation, state: State, at: dt.datetime) -> None:
    """Set `circulation.outcome` for an ending, and move the document with it.

    An endorsement that waits again keeps its number, marked as under review, and its document is circulated again.
    Confirmed in the same words, the same number stands. Any other ending marks the number as set aside: it is never
    used again, and another endorsement gets another one.
    """
    former = circulation.outcome
    if state == State.WAITING:
        if former:
            review_outcome(former, Standing.UNDER_REVIEW)
        _move(circulation, DocumentState.ENDORSED, DocumentState.CIRCULATED)
        return
    if state in SUCCESSFUL:
        _move(circulation, DocumentState.CIRCULATED, DocumentState.ENDORSED)
        if former and former.verb.word == _heading(state).lower():
            review_outcome(former, Standing.STANDS)
            return
    if former:
        review_outcome(former, Standing.SET_ASIDE)
    circulation.outcome = _outcome(circulation, state, at) if state in SUCCESSFUL else None


def set_aside_numbers(circulation: Circulation) -> list[str]:
    """Numbers that this circulation once had and that were set aside. One query."""
    rows = Outcome.objects.filter(source_path=circulation.get_absolute_url(), standing=Standing.SET_ASIDE.value)
    return list(rows.order_by("pk").values_list("number", flat=True))


def _move(circulation: Circulation, old: DocumentState, new: DocumentState) -> None:
    """A document that has moved on meanwhile (published, superseded) stays where it is."""
    document = circulation.version.document
    if document.state == old:
        move_document(document, new, actor=None, reason=circulation.ref)


def _heading(state: State) -> str:
    return words.STATES[state][1]


def _outcome(circulation: Circulation, state: State, at: dt.datetime) -> Outcome:
    # The register's own lock: a deed may hold it already, and two locks would be taken in two orders.
    register.lock()
    home = forum()
    day = at.astimezone(ZoneInfo(home.time_zone)).date()
    series = "SAMPLE" if circulation.is_sample else home.number_series
    document = circulation.version.document
    again = Outcome.objects.filter(source_path=circulation.get_absolute_url()).count()
    return record_outcome(
        ref=f"c-{circulation.ref}{f'-{again + 1}' if again else ''}",
        actor=f"Members of the {circulation.body.name}",
        verb=_heading(state).lower(),
        heading=_heading(state),
        text=f"{document.title}, version {circulation.version.number}.",
        source_kind="circulation",
        source_title=f"{words.MODES[Mode(circulation.mode)][0]}, {document.symbol}",
        source_on=day,
        source_path=circulation.get_absolute_url(),
        body=circulation.body,
        document=document,
        number=next_number(series, day.year),
        is_public=document.audience == Audience.PUBLIC,
        is_sample=circulation.is_sample,
    )
