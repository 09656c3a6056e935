"""What a procedure means, in words for who chooses it and for who reads about a body."""

from endorsements.calendar import period_in_words
from endorsements.enums import Mode
from endorsements.models import TermsFields
from endorsements.words import MODES

MEANINGS = {
    Mode.SILENCE: "who does not object has no objection",
    Mode.EXPLICIT: "members say whether they endorse; no answer is no agreement",
    Mode.COMMENT: "nothing is endorsed, and no number is given",
}


def facts(terms: TermsFields, place: str) -> list[tuple[str, str]]:
    """(label, words), in the order in which one asks. `place`: where the usual hour is read."""
    mode = Mode(terms.mode)
    told = [
        ("Kind", f"{MODES[mode][0]}: {MEANINGS[mode]}"),
        ("Shortest time", period_in_words(terms)),
        ("Usual hour", f"{terms.usual_hour:%H:%M} in {place}"),
    ]
    if mode != Mode.COMMENT:
        told += [
            ("What stops it", f"{_counted(terms.objections_that_stop, 'objection')}{_when(terms)}"),
            ("Amendments", "a proposed amendment stops it" if terms.proposals_stop else "do not stop it"),
        ]
    if mode == Mode.EXPLICIT:
        told.append(("Endorsed", f"if all endorse, or if {_quorum(terms.quorum)} and nobody objects"))
    told.append(("Closes early", "when all have answered" if terms.closes_early else "no, at the deadline"))
    if mode != Mode.COMMENT:
        told.append(("Not reached", "waits for a co-chair" if terms.unreached_hold else "does not hold it up"))
    told += [
        ("Organisations", _organisations(terms)),
        ("Extension", _extension(terms)),
    ]
    return told


def _organisations(terms: TermsFields) -> str:
    if terms.mode == Mode.COMMENT:
        return "comment as States do" if terms.counts_organisations else "read the draft and do not comment"
    return "count as States do" if terms.counts_organisations else "read the draft and do not count"


def _when(terms: TermsFields) -> str:
    return ", at once" if terms.stops_at_once else ", counted at the deadline"


def _quorum(quorum: int | None) -> str:
    if quorum is None:
        return "all answer"
    return f"at least {quorum} answer{'s' if quorum == 1 else ''}"


def _extension(terms: TermsFields) -> str:
    if not terms.may_extend:
        return "not possible"
    if terms.longest_days is None:
        return "possible"
    return f"possible, up to {_counted(terms.longest_days, 'day')} after the opening"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
