"""Telling people. `notify` is the one door: its rows are written in the deed's transaction."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from notifications import reminders
from notifications.clock import clock
from notifications.enums import CHOOSABLE, INBOX_ALONE, Cadence, Channel, Kind, NoticeState
from notifications.letter import Audience, Letter, write
from notifications.models import Notice, Preference, new_message_id
from notifications.rules import asks


@dataclass(frozen=True)
class Addressee:
    """One address to tell: a person's or an official one. `zone` is the IANA time zone of who reads there.

    `may_reply`: who reads there gives the participant's reply; the others are told for information. Who acts for two
    participants is told once for each: what is asked of one is not asked of the other.
    """

    address: str
    name: str = ""
    user_id: int | None = None
    participant_code: str = ""
    participant_name: str = ""
    zone: str = ""
    city: str = ""
    may_reply: bool = False

    @property
    def audience(self) -> Audience:
        """What a text may know of who reads here."""
        is_office = bool(self.participant_name) and self.user_id is None
        return Audience(self.zone, self.city, self.may_reply, self.participant_name, is_office)


def notify(
    kind: Kind,
    *,
    event: str,
    to: Iterable[Addressee],
    context: Mapping[str, Any],
    subject_kind: str = "",
    subject_ref: str = "",
    path: str = "",
    answer_by: dt.datetime | None = None,
    civil_before: dt.datetime | None = None,
    is_secret: bool = False,
    is_sample: bool = False,
) -> list[Notice]:
    """Queue one e-mail per address (and participant) about one event. Inside the deed's transaction.

    The text comes from templates/emails/<kind>.txt (first line: the subject), rendered with `context`, `to` (an
    Audience: what a text may know of its reader) and `link`. What was told before of the event is not told
    again; the answer holds the rows that were made. `answer_by` (aware): until when who is asked may answer. With
    `civil_before` each message leaves in the civil hours of who reads, unless these come after that instant. Who asked
    for a digest of what is no duty gets the row withheld, for the digest to carry. After commit the drainer is woken; a
    beat sweep sends what a crash left unsent.
    """
    from notifications.tasks import wake_drainer  # here: tasks import what sends the rows

    told = _once_each(to)
    chosen = _cadences(kind, told)
    write_once = _Writer(kind, context, settings.BASE_URL + path if path else "", is_sample=is_sample)
    now = clock()
    usual = Cadence.NEVER if kind in INBOX_ALONE else Cadence.AT_ONCE
    rows = []
    for one in told:
        row = _row(kind, one, write_once.letter(one), answer_by, chosen.get(one.user_id, usual))
        row.event, row.path, row.is_secret, row.is_sample = event, path, is_secret, is_sample
        row.subject_kind, row.subject_ref = subject_kind, subject_ref
        # Given here and not left to the column's default: rows of plain values go as arrays, four times as fast.
        row.queued_at = now
        row.due_at = _leaves_at(one.zone or context.get("forum_zone"), now, civil_before)
        rows.append(row)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    made = _made(event, rows)
    if made:
        transaction.on_commit(wake_drainer, robust=True)
    return made


def _leaves_at(zone: str | None, now: dt.datetime, before: dt.datetime | None) -> dt.datetime:
    return reminders.civil_before(now, before, ZoneInfo(zone or "UTC")) if before else now


def _made(event: str, rows: list[Notice]) -> list[Notice]:
    """Those of the rows that are in the table now, with their keys; the others were told before."""
    keys = dict(Notice.objects.filter(event=event).values_list("message_id", "pk"))
    made = [row for row in rows if row.message_id in keys]
    for row in made:
        row.pk = keys[row.message_id]
        row._state.adding = False
    return sorted(made, key=lambda row: row.pk)


class _Writer:
    """Renders the text of an event once for each audience: most addressees share a zone and a role."""

    def __init__(self, kind: Kind, context: Mapping[str, Any], link: str, *, is_sample: bool) -> None:
        self.kind, self.context, self.is_sample = kind, {**context, "link": link}, is_sample
        self.written: dict[Audience, Letter] = {}

    def letter(self, to: Addressee) -> Letter:
        audience = to.audience
        if audience not in self.written:
            self.written[audience] = write(self.kind, {**self.context, "to": audience}, is_sample=self.is_sample)
        return self.written[audience]


def _once_each(to: Iterable[Addressee]) -> list[Addressee]:
    """One addressee per address and participant; who may reply goes before who is told for information."""
    chosen: dict[tuple[str, str], Addressee] = {}
    for one in to:
        key = (one.address.lower(), one.participant_code)
        known = chosen.get(key)
        if known is None or (one.may_reply and not known.may_reply):
            chosen[key] = one
    return list(chosen.values())


def _cadences(kind: Kind, told: list[Addressee]) -> dict[int | None, Cadence]:
    """What people chose for this kind, by account; those who are asked to answer have no choice. One query or none."""
    people = [one.user_id for one in told if one.user_id and not asks(kind, may_reply=one.may_reply)]
    if kind not in CHOOSABLE or not people:
        return {}
    rows = Preference.objects.filter(kind=kind.value, user_id__in=people).values_list("user_id", "cadence")
    return {user_id: Cadence(cadence) for user_id, cadence in rows}


def _row(kind: Kind, to: Addressee, letter: Letter, answer_by: dt.datetime | None, cadence: Cadence) -> Notice:
    address = to.address.lower()
    is_asked = asks(kind, may_reply=to.may_reply)
    goes = cadence is Cadence.AT_ONCE
    return Notice(
        kind=kind.value,
        channel=Channel.EMAIL.value,
        user_id=to.user_id,
        address=address,
        domain=address.rpartition("@")[2],
        participant_code=to.participant_code,
        subject=letter.subject,
        body=letter.body,
        message_id=new_message_id(),
        needs_answer=is_asked,
        answer_by=answer_by if is_asked else None,
        cadence=cadence.value,
        state=(NoticeState.QUEUED if goes else NoticeState.WITHHELD).value,
    )
