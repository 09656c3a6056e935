"""Who reads a page, as the sentence at its foot: worked out from the questions of the table of who may do what."""

from collections.abc import Iterable
from functools import cache

from members.access import Reader
from portal.accesstable import OF_NO_RIGHT, OWN_ACCOUNT, ROLES, Deed, Section, cells, either
from portal.deeds import SECTIONS

STAFF = {"Officer", "Manager"}
PEOPLE = {
    "Focal point": "focal points",
    "Alternate": "alternates",
    "Reviewer": "reviewers",
    "Observer delegate": "observer delegates",
}
CHAIRS = {"Co-chair of the forum": "co-chairs of the forum", "Co-chair of the body": "co-chairs of the body"}
EVERYONE, SIGNED_IN = "Everyone reads this page.", "Everyone who is signed in reads this page."
ALONE = "You alone see this page."
OWN = "of their own participant"
"""Stands for the participant in a sentence; a page of one participant names it instead."""


def who_reads(name: str, reader: Reader, slug: str = "") -> str:
    """The sentence of an address; the `slug` of the page names the participant where it is one of the reader's. Empty
    for an address that the table does not know: Django admin's."""
    sentence = sentence_of(name)
    own = next((one for one in reader.participants if slug and one.slug == slug), None)
    return sentence.replace(OWN, f"of {own}") if own else sentence


@cache
def sentence_of(name: str) -> str:
    """The sentence of an address, before any participant is named."""
    if name == "account" or name.startswith(OWN_ACCOUNT):
        return ALONE
    if name in OF_NO_RIGHT:
        return EVERYONE if OF_NO_RIGHT[name] == "public" else f"Here {OF_NO_RIGHT[name]}."
    found = [(section, deed) for section in SECTIONS for deed in section.deeds if name in deed.addresses]
    return _sentence(found) if found else ""


def _sentence(found: list[tuple[Section, Deed]]) -> str:
    also = " ".join(dict.fromkeys(deed.also for _, deed in found if deed.also))
    by_state = _by_state(found)
    roles = set().union(*by_state.values())
    public = [words for words, may in by_state.items() if "Public" in may]
    if len(public) == len(by_state):
        return also or EVERYONE
    if public:
        first = _by_time(by_state, public)
    elif roles == set(ROLES) - {"Public"}:
        first = SIGNED_IN
    else:
        who = _readers(roles)
        first = f"{who[:1].upper()}{who[1:]} {'reads' if roles == STAFF else 'read'} this page."
    return f"{first} {also}".strip()


def _by_time(by_state: dict[str, set[str]], public: list[str]) -> str:
    """Of what is public in some states and not in others; the fewer states are named."""
    hidden = [words for words in by_state if words not in public]
    before = _readers(set().union(*(by_state[words] for words in hidden)))
    if len(hidden) < len(public):
        return f"Everyone reads this page; of what is {either(hidden)}, only {before}."
    return f"When it is {either(public)}, everyone reads this page; else only {before}."


def _by_state(found: list[tuple[Section, Deed]]) -> dict[str, set[str]]:
    """Words of a state → the columns of the table that may then."""
    by_state: dict[str, set[str]] = {}
    for section, deed in found:
        for state, words in section.states:
            may = {role for role, one in zip(ROLES, cells(deed, state), strict=True) if one}
            by_state.setdefault(words, set()).update(may)
    return by_state


def _readers(roles: Iterable[str]) -> str:
    """Columns as words: the people of a participant, the co-chairs, then the secretariat."""
    roles = set(roles)
    people = [words for role, words in PEOPLE.items() if role in roles]
    parts = [f"{either(people, 'and')} {OWN}"] if people else []
    chairs = [words for role, words in CHAIRS.items() if role in roles]
    parts += ["co-chairs"] if len(chairs) == len(CHAIRS) else chairs
    if roles >= STAFF:
        parts.append("the secretariat")
    else:
        parts += [words for role, words in {"Officer": "officers", "Manager": "managers"}.items() if role in roles]
    parts += ["administrators"] if "Administrator" in roles else []
    return either(parts, "and") if parts else "nobody"
