"""The page of a draft circulation: terms, warnings, who may reply, the notice word for word, approval."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from endorsements import calendar
from endorsements.contexts.common import head, text_of
from endorsements.letters import facts
from endorsements.models import Circulation
from members.access import Reader
from members.directory import addressees_of, participants_of, participants_with_speaker, today
from members.models import Forum
from notifications.enums import Kind
from notifications.letter import Audience, Letter, write

PLACEHOLDER = "[written when sent]"


def draft(circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """Context of the draft's page. Who gets mail is counted by the query that will send it."""
    participants = list(participants_of(circulation.body, today()))
    told = addressees_of([one.pk for one in participants])
    speaking = participants_with_speaker(one.pk for one in participants)
    people: dict[str, int] = {}
    for one in told:
        people[one.participant_code] = people.get(one.participant_code, 0) + 1
    eligible = [one for one in participants if one.is_state or circulation.counts_organisations]
    return {
        **head(circulation, reader, forum, now),
        **text_of(circulation),
        "cells": [
            {
                "participant": one,
                "people": people.get(one.code, 0),
                "counts": one in eligible,
                "is_vacant": one in eligible and one.pk not in speaking,
            }
            for one in sorted(participants, key=lambda one: (not one.is_state, one.sort_key))
        ],
        "vacant": [one for one in eligible if one.pk not in speaking],
        "eligible": eligible,
        "informed": len(participants) - len(eligible),
        "mails": len(told),
        "told_participants": len(people),
        "period": calendar.period_in_words(circulation),
        "days": None if circulation.min_seconds is not None else _days(circulation, forum, now),
        "is_too_short": circulation.expires_at < calendar.earliest_deadline(circulation, forum, now),
        "local_times": _local_times(circulation, eligible),
        "letter": _letter(circulation, forum),
    }


def _days(circulation: Circulation, forum: Forum, now: dt.datetime) -> int:
    return calendar.working_days(circulation, forum, now, circulation.expires_at)


def _local_times(circulation: Circulation, eligible: list[Any]) -> list[tuple[str, str, str]]:
    """(city, zone) of the earliest to the latest clock, one a distinct local time."""
    found: dict[dt.datetime, tuple[str, str, str]] = {}
    for one in eligible:
        if one.time_zone:
            local = circulation.expires_at.astimezone(ZoneInfo(one.time_zone))
            found.setdefault(local.replace(tzinfo=None), (one.city or one.short_name, f"{local:%H:%M}", f"{local:%a}"))
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
