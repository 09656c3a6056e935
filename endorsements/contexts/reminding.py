"""The page before an officer reminds members: whom, by how many mails, and what time it is there."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max

from endorsements import positions
from endorsements.contexts.common import head
from endorsements.models import Circulation
from endorsements.services.reminding import to_remind
from members.access import Reader
from members.models import Forum
from notifications.enums import Kind
from notifications.models import Notice
from notifications.reminders import is_civil
from notifications.services import Addressee


def reminding(circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """Context of the page; `choices` are (code, words) of the participants that can be reminded."""
    found: dict[str, list[Addressee]] = {}
    for one in to_remind(circulation):
        found.setdefault(one.participant_code, []).append(one)
    told = _last_told(circulation)
    said = set(positions.standing(circulation))
    silent = circulation.eligible.filter(counts=True).exclude(participant_id__in=said).select_related("participant")
    rows = [row.participant for row in silent]
    asleep = [code for code, to in found.items() if not is_civil(now, _zone(to[0], forum))]
    return {
        **head(circulation, reader, forum, now),
        "choices": [
            (one.code, _words(one.short_name, found[one.code], told.get(one.code), forum, now))
            for one in rows
            if one.code in found
        ],
        "no_address": [one for one in rows if one.code not in found],
        "mails": sum(len(to) for to in found.values()),
        "participants": len(found),
        "asleep": len(asleep),
    }


def _zone(to: Addressee, forum: Forum) -> ZoneInfo:
    return ZoneInfo(to.zone or forum.time_zone)


def _words(name: str, to: list[Addressee], last: dt.datetime | None, forum: Forum, now: dt.datetime) -> str:
    """As "Sri Lanka: 2 e-mails, it is 15:30 there, last reminded 3 July, 15:30"; the times are those of the place."""
    zone = _zone(to[0], forum)
    local = now.astimezone(zone)
    when = "" if is_civil(now, zone) else ", outside office hours"
    words = f"{name}: {len(to)} e-mail{'' if len(to) == 1 else 's'}, it is {local:%H:%M} there{when}"
    if last is None:
        return words
    there = last.astimezone(zone)
    return f"{words}, last reminded {there.day} {there:%B, %H:%M}"


def _last_told(circulation: Circulation) -> dict[str, dt.datetime]:
    """When each participant was last reminded. One query."""
    rows = Notice.objects.filter(
        subject_kind=positions.SUBJECT, subject_ref=circulation.ref, kind=Kind.CIRCULATION_REMINDER.value
    )
    return dict(rows.order_by().values_list("participant_code").annotate(last=Max("queued_at")))
