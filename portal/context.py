"""What every page needs: the forum, the reader, the navigation that fits the reader."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from members.access import NOBODY, Reader, forum
from members.enums import Role
from notifications import inbox
from portal.readers import who_reads

DIRECTORY = [("Members", "directory:participant-list"), ("Bodies", "directory:body-list")]


@dataclass(frozen=True)
class NavLink:
    label: str
    url: str
    is_current: bool


def _links(reader: Reader) -> list[tuple[str, str]]:
    if reader.is_staff:
        return [
            ("Desk", "home"),
            ("Circulations", "endorsements:circulation-list"),
            ("Documents", "documents:document-list"),
            ("Meetings", "meetings:meeting-list"),
            *DIRECTORY,
            ("People", "people:team"),
            ("Register", "endorsements:register"),
            ("Outbox", "notifications:outbox"),
        ]
    own: list[tuple[str, str]] = [("Your people", "people:team")] if reader.for_participants(Role.FOCAL_POINT) else []
    if reader.is_signed_in and (reader.participants or reader.is_co_chair):
        return [
            ("What needs you", "home"),
            ("Circulations", "endorsements:circulation-list"),
            ("Meetings", "meetings:meeting-list"),
            *DIRECTORY,
            *own,
            ("Public home", "public-home"),
        ]
    home = "public-home" if reader.is_signed_in else "home"
    return [("Home", home), ("Meetings", "meetings:meeting-list"), *DIRECTORY]


def navigation(request: HttpRequest, reader: Reader) -> list[NavLink]:
    """Main navigation of the reader; the link whose path is the longest prefix of this page's is the current one."""
    links = [(label, reverse(name)) for label, name in _links(reader)]
    fitting = [url for _, url in links if request.path == url or (url != "/" and request.path.startswith(url))]
    current = max(fitting, key=len, default=None)
    return [NavLink(label, url, url == current) for label, url in links]


def page(request: HttpRequest) -> dict[str, Any]:
    """Template variables of every page."""
    reader: Reader = getattr(request, "reader", NOBODY)
    match = request.resolver_match
    return {
        "forum": SimpleLazyObject(forum),
        "reader": reader,
        "navigation": SimpleLazyObject(lambda: navigation(request, reader)),
        "inbox_unread": SimpleLazyObject(lambda: inbox.unread(reader.acting)) if reader.user else 0,
        "inbox_most": inbox.MOST_UNREAD,
        "theme": reader.user.theme if reader.user else "",
        "is_demo": settings.DEMO,
        "has_admin": reader.is_admin,
        "who_reads": who_reads(match.view_name, reader, match.kwargs.get("slug", "")) if match else "",
    }
