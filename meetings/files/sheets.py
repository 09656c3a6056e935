"""Badges and name plates as sheets for the printer. The code on a badge leads to the page that marks its bearer as
present; it holds nothing but the address."""

from typing import Any

import qrcode
from django.conf import settings
from django.db.models import F

from documents.printing import pdf
from meetings.days import meeting_days
from meetings.enums import DelegateRole, DelegationState
from meetings.letters import where
from meetings.models import Delegate, Meeting
from members.models import Forum


def badge_path(meeting: Meeting, token: str) -> str:
    """Address of the page on which the bearer of a badge is marked as present."""
    return f"/meetings/{meeting.slug}/badge/{token}/"


def people_of(meeting: Meeting) -> list[Delegate]:
    """Everyone who comes and is named, delegation after delegation, the head first. One query."""
    rows = Delegate.objects.filter(
        delegation__meeting=meeting,
        delegation__state=DelegationState.CONFIRMED.value,
        badge_token__isnull=False,
    )
    found = rows.select_related("delegation__participant").order_by(
        F("delegation__participant__sort_key"), "delegation_id", "position"
    )
    return sorted(
        found,
        key=lambda one: (one.delegation.participant.sort_key, one.delegation_id, one.role != DelegateRole.HEAD),
    )


def badges(meeting: Meeting, people: list[Delegate], forum: Forum) -> bytes:
    """Ten on a page of A4, 90 by 54 mm each, with marks to cut along."""
    data = {
        **_head(meeting, forum, "Badges"),
        "badges": [
            {
                "name": one.name,
                "delegation": one.delegation.participant.short_name,
                "role": one.get_role_display(),
                "code": qr(settings.BASE_URL + badge_path(meeting, one.badge_token or "")),
            }
            for one in people
        ],
    }
    return pdf("badges", data)


def plates(meeting: Meeting, people: list[Delegate], forum: Forum) -> bytes:
    """One plate for each delegation, a page of A4 across, folded in the middle: its name stands on both sides."""
    names = dict.fromkeys(one.delegation.participant.short_name for one in people)
    return pdf("plates", {**_head(meeting, forum, "Name plates"), "names": list(names)})


def qr(address: str) -> str:
    """The code of an address as SVG. The mask is given: to choose the best takes five times as long, and every reader
    reads every mask."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0, mask_pattern=3)
    code.add_data(address)
    code.make()
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{dots}"/></svg>'


def _head(meeting: Meeting, forum: Forum, title: str) -> dict[str, Any]:
    days = {name: getattr(meeting, name) for name in ("starts_on", "ends_on", "planned_text")}
    sample = "Sample. " if meeting.is_sample else ""
    return {
        "title": title,
        "author": forum.secretariat or forum.name,
        "meeting": meeting.title,
        "when": f"{sample}{', '.join(part for part in (meeting_days(days), where(meeting)) if part)}",
        "forum": forum.name,
    }
