"""Walks the portal as one person: every address with every row it could name, then every link that was found."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from documents.models import Document
from endorsements.models import Circulation, Position
from meetings.models import AgendaItem, Meeting, PaperRequest, PreparationTask, Session
from members.models import Admission, Appointment, Body, Invitation, InvitationBatch, Participant
from notifications.models import Notice
from tests.portal.access import World, read_table

MOST_PAGES = 6000
LINK = re.compile(r"""(?:href|action|hx-get)=["']([^"']+)["']""")
NOT_WALKED = ("/static/", "/admin/", "/accounts/logout/")
"""Django admin is for admins alone (test_access.py). Signing out would end the walk."""
SIGN_IN = "/accounts/login/?next="
"""Each closed address leads to this page with its own address behind; the answer that leads there is read in full."""
Address = tuple[str, list[str]]

POOLS = {
    "documents:": Document,
    "endorsements:position-receipt": Position,
    "meetings:": Meeting,
    "meetings:agenda-item": AgendaItem,
    "meetings:item": AgendaItem,
    "meetings:paper": PaperRequest,
    "meetings:roll": Session,
    "meetings:session": Session,
    "meetings:task": PreparationTask,
    "members:admission": Admission,
    "people:appointment": Appointment,
    "people:batch": InvitationBatch,
    "people:invitation-batch": InvitationBatch,
    "people:invitation": Invitation,
    "members:participant": Participant,
    "members:handover": Participant,
    "handover": Participant,
    "directory:participant": Participant,
    "directory:body": Body,
    "notifications:": Notice,
}
"""Rows that the key or slug in an address names, by how the name of the address begins; the longest wins."""


def addresses(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[Address]:
    """Name of each address with the names of what it takes; not those of Django admin."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from addresses(pattern.url_patterns, inner)
        elif pattern.name:
            regex = getattr(pattern.pattern, "regex", None)
            yield f"{space}{pattern.name}", list(pattern.pattern.converters or (regex.groupindex if regex else ()))


def _values(name: str, part: str) -> list[object]:
    """What may stand in this part of an address; nothing where POOLS does not say."""
    if part == "ref":
        return list(Circulation.objects.values_list("ref", flat=True))
    if part == "number":
        return [1]
    fitting = [start for start in POOLS if name.startswith(start)]
    if part not in {"pk", "slug"} or not fitting:
        return []
    model = Meeting if part == "slug" and name.startswith("meetings:") else POOLS[max(fitting, key=len)]
    if model is Notice:  # one of each event; the others tell the same to other addresses
        return list(Notice.objects.order_by("event").distinct("event").values_list("pk", flat=True))
    return list(model.objects.values_list(part, flat=True))  # type: ignore[attr-defined]


def starts(world: World) -> list[str]:
    """Every address, filled with every row that it could name; where that is not known, as the matrix fills it. One
    that takes no GET says so before it looks for a row: once is enough."""
    found, only_posted = [], _only_posted()
    for name, parts in addresses():
        if name in only_posted:
            found.append(world.path(name))
            continue
        many: list[dict[str, object]] = [{}]
        for part in parts:
            many = [{**one, part: value} for one in many for value in _values(name, part)]
        known = [world.path(name)] if name in world.paths else []
        filled = [reverse(name, kwargs=one) for one in many] or known
        assert filled, f"say in POOLS which rows {name} names, or in the paths of the matrix"
        found += filled
    return found


def _only_posted() -> set[str]:
    """Addresses that answer a GET of everybody who is signed in with 405, by the table of the matrix."""
    table = read_table().items()
    return {name for (name, method, persona), said in table if (method, persona, said) == ("GET", "stranger", "405")}


def links(path: str, text: str) -> Iterator[str]:
    """Addresses of this portal that a page names."""
    for found in LINK.findall(text):
        parts = urlsplit(urljoin(path, unescape(found)))
        if not parts.netloc and not parts.scheme and parts.path.startswith("/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def body_of(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined, arg-type]


def walk(client: Client, first: list[str]) -> Iterator[tuple[str, HttpResponseBase, str]]:
    """(address, answer, its head and text) of each page that can be reached. Follows no redirect but lists it."""
    cache.clear()
    waiting, known = list(first), set(first)
    while waiting:
        assert len(known) < MOST_PAGES, "the walk has no end"
        path = waiting.pop()
        if path.startswith(NOT_WALKED):
            continue
        response = client.get(path)
        assert response.status_code < 500 or path.startswith("/healthz"), f"{path}: {response.status_code}"
        text = body_of(response).decode("utf-8", "replace")
        yield path, response, f"{response.headers}\n{text}"
        named = [response.headers["Location"]] if response.has_header("Location") else []
        if "html" in response.headers.get("Content-Type", ""):
            named += list(links(path, text))
        for one in named:
            if one.startswith(SIGN_IN):
                one = SIGN_IN
            if one.startswith("/") and one not in known:
                known.add(one)
                waiting.append(one)
