"""Who may do what, and when: one table. Its cells are worked out by the functions that the pages themselves ask."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from members.access import Reader
from members.enums import Role
from members.models import Appointment, Body, Participant, User

OWN, BODY = Participant(pk=1, code="A", slug="a", short_name="A"), Body(pk=1, slug="b", name="B")


def _reader(role: Role | None = None, *, participant: bool = False, body: bool = False, admin: bool = False) -> Reader:
    """A person of a role in office, for the sake of the question; nothing of it is in the database."""
    user = User(pk=1, email="a@a.example", is_superuser=admin)
    if role is None:
        return Reader(user)
    post = Appointment(role=role.value, participant=OWN if participant else None, body=BODY if body else None)
    return Reader(user, (post,))


ROLES: dict[str, tuple[Reader, ...]] = {
    "Public": (Reader(),),
    "Observer delegate": (_reader(Role.OBSERVER_DELEGATE, participant=True),),
    "Reviewer": (_reader(Role.REVIEWER, participant=True),),
    "Alternate": (_reader(Role.ALTERNATE, participant=True),),
    "Focal point": (_reader(Role.FOCAL_POINT, participant=True),),
    "Co-chair of the body": (_reader(Role.CO_CHAIR, participant=True, body=True),),
    "Co-chair of the forum": (_reader(Role.CO_CHAIR, participant=True),),
    "Officer": (_reader(Role.OFFICER),),
    "Manager": (_reader(Role.MANAGER),),
    "Administrator": (_reader(admin=True),),
}
"""Heading of a column → the readers of whom it speaks."""

FEW = 2
"""So many states are named as exceptions."""
May = Callable[[Reader, str], object]
"""May this reader, in this state? False, 403 and 404 are no; everything else is yes."""


@dataclass(frozen=True)
class Deed:
    """A page or a deed: its words, the addresses that lead to it, whether a reader may in a state, and what else it
    asks for. `names_whom`: its form says for whom, so that an empty one is refused to all."""

    words: str
    addresses: tuple[str, ...]
    may: May
    also: str = ""
    names_whom: bool = False


@dataclass(frozen=True)
class Section:
    """Deeds on one kind of thing, with the states it goes through (value → words); one without name has no states."""

    title: str
    deeds: tuple[Deed, ...]
    states: tuple[tuple[str, str], ...] = (("", ""),)


@dataclass(frozen=True)
class Row:
    words: str
    when: str
    also: str
    cells: tuple[bool, ...]


def allows(may: May, reader: Reader, state: str) -> bool:
    """The answer of a question that may refuse by 403 or 404."""
    try:
        return bool(may(reader, state))
    except (Http404, PermissionDenied):
        return False


def cells(deed: Deed, state: str) -> tuple[bool, ...]:
    return tuple(all(allows(deed.may, one, state) for one in readers) for readers in ROLES.values())


def rows_of(section: Section) -> Iterator[Row]:
    """One row a deed for all states with the same answer; states in which nobody may are left out."""
    for deed in section.deeds:
        by_cells: dict[tuple[bool, ...], list[str]] = {}
        for state, words in section.states:
            by_cells.setdefault(cells(deed, state), []).append(words)
        for answer, states in by_cells.items():
            if any(answer):
                yield Row(deed.words, _when(states, section), deed.also, answer)


def _when(words: list[str], section: Section) -> str:
    if len(words) == len(section.states):
        return "always"
    others = [one for _, one in section.states if one not in words]
    if len(others) <= FEW < len(words):
        return f"in every state but {either(others)}"
    return either(words)


def either(words: list[str], last: str = "or") -> str:
    """ "a, b or c"."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def who_words(row: Row) -> str:
    """The roles of a row as a list, or one word for all of them."""
    return "Everyone" if all(row.cells) else ", ".join(role for role, one in zip(ROLES, row.cells, strict=True) if one)


def shown(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """What the page prints."""
    return [
        {
            "title": section.title,
            "has_states": len(section.states) > 1,
            "rows": [
                {"words": row.words, "also": row.also, "when": row.when, "who": who_words(row)}
                for row in rows_of(section)
            ],
        }
        for section in sections
    ]


def as_markdown(sections: Iterable[Section]) -> str:
    """The whole table as the page of the documentation."""
    lines = [HEAD]
    for section in sections:
        lines += ["", f"## {section.title}", "", f"| deed | when | {' | '.join(ROLES)} |"]
        lines.append("|---|---|" + ":-:|" * len(ROLES))
        notes: list[str] = []
        for row in rows_of(section):
            marks = ["yes" if one else "–" for one in row.cells]
            lines.append(f"| {_noted(row, notes)} | {row.when} | {' | '.join(marks)} |")
        lines += ["", *notes] if notes else []
    return "\n".join(lines) + "\n"


def _noted(row: Row, notes: list[str]) -> str:
    """The words of a deed with the number of what it asks for besides."""
    if not row.also:
        return row.words
    said = [one.split(". ", 1)[1] for one in notes]
    if row.also not in said:
        notes.append(f"{len(notes) + 1}. {row.also}")
        said.append(row.also)
    return f"{row.words} ({said.index(row.also) + 1})"


HEAD = """# Who may do what

Written by `manage.py accesstable` from the functions that the pages ask: do not edit it. The secretariat reads the same
table in the portal, under `/access/`. Rights come from appointments in office and end the second these end; a person of
several posts may do what each of them allows. A page that somebody may not see answers as if it did not exist.

The table speaks of one's own: a focal point of another participant has none of these rights there, and a co-chair of
another body none in this one. The whole matrix of addresses and people is `tests/portal/access.csv`."""

OF_NO_RIGHT = {
    "home": "each person sees the own desk",
    "public-home": "public",
    "theme-choose": "the own display",
    "acting-choose": "the own posts",
    "account": "the own account",
    "healthz": "for machines",
    "admin/login/": "leads to the sign-in",
}
"""Addresses of no right of their own, and why. Those of account, mfa, usersession, inbox are each one's own."""
OWN_ACCOUNT = ("account_", "account-", "mfa_", "usersession", "inbox:")
