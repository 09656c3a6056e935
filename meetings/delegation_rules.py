"""Rules of a delegation beside who may answer and until when: nobody named twice, what a late change is, what an answer
that came by another way rests on. Pure functions over plain values. Source: the forum's rules on delegations."""

import datetime as dt
from collections.abc import Sequence

from meetings.enums import DELEGATE_ROLE_NAMES, DelegateRole, LetterState
from members.names import fold
from members.rules import NotAllowed

LETTERS_OF_STAFF = frozenset({LetterState.NONE, LetterState.ORIGINAL, LetterState.NOT_REQUIRED})
"""What the secretariat notes by hand; a copy is there by its upload."""
Named = tuple[str, str, str]
"""Name, role, position held at home."""


def named_twice(names: Sequence[str]) -> tuple[int, int] | None:
    """Places (from 0) of the first two names that are the same but for capitals, accents and spaces."""
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        folded = fold(name)
        if folded in seen:
            return seen[folded], place
        seen[folded] = place
    return None


def check_named_once(names: Sequence[str]) -> None:
    if twice := named_twice(names):
        raise NotAllowed(twice_sentence(names[twice[0]], names[twice[1]]), "delegates")


def twice_sentence(first: str, second: str) -> str:
    again = "" if first == second else f", once as “{first}”"
    return f"“{second}” is named twice{again}. Name each person once."


def check_received(received_at: dt.datetime, *, now: dt.datetime) -> None:
    if received_at > now:
        raise NotAllowed("This is in the future. Write when it was received.", "day")


def check_evidence(evidence: str) -> None:
    if not evidence.strip():
        raise NotAllowed("Say which letter, message or call this rests on, and where it is filed.", "evidence")


def letter_after_noting(noted: LetterState, *, has_copy: bool) -> LetterState:
    """Taking a note back leaves the copy that was uploaded. Raises NotAllowed for what staff do not note by hand."""
    if noted not in LETTERS_OF_STAFF:
        raise NotAllowed("A copy is noted by uploading it.")
    return LetterState.COPY if noted is LetterState.NONE and has_copy else noted


def changes(before: Sequence[Named], after: Sequence[Named]) -> list[str]:
    """What is another in the list, a sentence each; empty: nothing. People are the same by their folded names."""
    old = {fold(one[0]): one for one in before}
    new = {fold(one[0]): one for one in after}
    found = [f"Added: {_person(one)}" for key, one in new.items() if key not in old]
    found += [f"Taken off: {_person(one)}" for key, one in old.items() if key not in new]
    for key in new.keys() & old.keys():
        found += _changed(old[key], new[key])
    stayed = [key for key in new if key in old]
    if stayed != [key for key in old if key in new]:
        found.append("Another order of the people")
    return sorted(found, key=lambda one: one.split(":")[0])


def same_people(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Place in the new list (from 0) → place in the old one, of those who stand in both."""
    old = {fold(name): place for place, name in enumerate(before)}
    return {place: old[fold(name)] for place, name in enumerate(after) if fold(name) in old}


def _person(one: Named) -> str:
    return ", ".join(part for part in (one[0], _role(one[1]), one[2]) if part)


def _role(role: str) -> str:
    return DELEGATE_ROLE_NAMES[DelegateRole(role)].lower()


def _changed(old: Named, new: Named) -> list[str]:
    found = []
    if old[0] != new[0]:
        found.append(f"Name: {old[0]}, now {new[0]}")
    if old[1] != new[1]:
        found.append(f"Role of {new[0]}: {_role(old[1])}, now {_role(new[1])}")
    if old[2] != new[2]:
        found.append(f"Position of {new[0]}: {old[2] or 'none'}, now {new[2] or 'none'}")
    return found
