"""The page of a draft circulation: terms, warnings, who may reply, the notice word for word, approval."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from endorsements import calendar
from endorsements.contexts.common import head, text_of
from endorsements.daysoff import days_off
from endorsements.enums import Mode
from endorsements.letters import facts
from endorsements.models import Circulation
from members.access import Reader
from members.directory import addressees_of, participants_of
from members.models import Forum, Participant
from notifications.enums import RETURNED, Kind
from notifications.letter import Audience, Letter, write
from notifications.queries import newest_to
from notifications.services import Addressee

PLACEHOLDER = "[written when sent]"


@dataclass(frozen=True)
class Cell:
    """One participant before the opening: how many addresses it has, and what stands between it and the notice."""

    participant: Participant
    counts: bool
    addresses: int
    returned: int
    """To how many of its addresses the newest message came back."""
    has_speaker: bool

    @property
    def is_vacant(self) -> bool:
        return self.counts and not self.has_speaker

    @property
    def css(self) -> str:
        if self.is_vacant or self.returned or not self.addresses:
            return "e-vacant"
        return "e-ok" if self.counts else "r-na"

    @property
    def word(self) -> str:
        """The gravest thing first."""
        if self.is_vacant:
            return "Vacant"
        if not self.addresses:
            return "No address"
        if self.returned:
            return "Mail came back"
        return f"{self.addresses} address{'' if self.addresses == 1 else 'es'}" if self.counts else "reads, no reply"


def draft(circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """Context of the draft's page and of the page that approves it. Who gets mail is counted by the query that will
    send it."""
    participants = list(participants_of(circulation.body, now.astimezone(ZoneInfo(forum.time_zone)).date()))
    told = addressees_of([one.pk for one in participants])
    cells = _cells(circulation, participants, told)
    eligible = [one.participant for one in cells if one.counts]
    return {
        **head(circulation, reader, forum, now),
        **text_of(circulation),
        "cells": cells,
        "would_wait": circulation.unreached_hold and circulation.mode != Mode.COMMENT,
        **_unreachable(cells),
        "eligible": eligible,
        "informed": len(participants) - len(eligible),
        "mails": len(told),
        "told_participants": len({one.participant_code for one in told}),
        "period": calendar.period_in_words(circulation),
        "days": None if circulation.min_seconds is not None else _days(circulation, forum, now),
        "is_too_short": circulation.expires_at < calendar.earliest_deadline(circulation, forum, now),
        "local_times": _local_times(circulation, eligible),
        "off": days_off(eligible, now, circulation.expires_at, zone=forum.time_zone),
        "letter": _letter(circulation, forum),
    }


def _cells(circulation: Circulation, participants: list[Participant], told: list[Addressee]) -> list[Cell]:
    speaking = {to.participant_code for to in told if to.may_reply}
    bad = {state.value for state in RETURNED}
    returned = {address for address, newest in newest_to(one.address for one in told).items() if newest.state in bad}
    addresses: dict[str, set[str]] = {}
    for to in told:
        addresses.setdefault(to.participant_code, set()).add(to.address)
    return [
        Cell(
            one,
            counts=one.is_state or circulation.counts_organisations,
            addresses=len(addresses.get(one.code, ())),
            returned=len(addresses.get(one.code, set()) & returned),
            has_speaker=one.code in speaking,
        )
        for one in sorted(participants, key=lambda one: (not one.is_state, one.sort_key))
    ]


def _unreachable(cells: list[Cell]) -> dict[str, Any]:
    """Who may not learn of it, by what is wrong. Who has no address has nobody in office either: a person has one."""
    found = {
        "no_address": [one for one in cells if not one.addresses],
        "vacant": [one for one in cells if one.is_vacant and one.addresses],
        "came_back": [one for one in cells if one.returned],
    }
    return {**found, "unreachable": len({one.participant.pk for group in found.values() for one in group})}


def _days(circulation: Circulation, forum: Forum, now: dt.datetime) -> int:
    return calendar.working_days(circulation, forum, now, circulation.expires_at)


def _local_times(circulation: Circulation, eligible: list[Participant]) -> list[tuple[str, dt.datetime]]:
    """(city, local time) of the earliest to the latest clock, one a distinct local time."""
    found: dict[dt.datetime, tuple[str, dt.datetime]] = {}
    for one in eligible:
        if one.time_zone:
            local = circulation.expires_at.astimezone(ZoneInfo(one.time_zone)).replace(tzinfo=None)
            found.setdefault(local, (one.city or one.short_name, local))
    return [found[key] for key in sorted(found)]


def _letter(circulation: Circulation, forum: Forum) -> Letter:
    """The notice as a member without a time zone of its own gets it."""
    context = {
        "to": Audience(may_reply=True, participant="[name of the member]"),
        "link": "[link to this page]",
        **facts(circulation, forum),
        "paragraph": circulation.paragraph,
        "register_head": PLACEHOLDER,
    }
    return write(Kind.CIRCULATION_OPENED, context, is_sample=circulation.is_sample)
