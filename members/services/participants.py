"""Deeds on participants: a new one in the directory, a new name, one that becomes part of another."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from audit.services import done, once, record_audit
from members import rules
from members.directory import today
from members.enums import AdmissionState
from members.models import (
    Admission,
    Alias,
    BodyChair,
    BodyMembership,
    FormerName,
    Merger,
    Participant,
    Standing,
    User,
)
from members.names import fold
from members.rules import NotAllowed
from members.services.holding import require_staff

RENAMED, MERGED, ADDED = "participant.renamed", "participant.merged", "participant.added"


@dataclass(frozen=True)
class Newcomer:
    """A State or organisation that is not in the directory yet."""

    code: str
    kind: str
    short_name: str
    formal_name: str = ""


def add_participant(newcomer: Newcomer, *, actor: User) -> Participant:
    """Step, inside a transaction: the participant with its spellings, without standing, and not shown to everyone until
    an admission of it is completed. One audit row.

    Raises NotAllowed when the code or a spelling belongs to another.
    """
    code = newcomer.code.strip().upper()
    if Participant.objects.filter(code__iexact=code).exists():
        raise NotAllowed(f"The code {code} belongs to another participant. Give this one its own.", "code")
    check_spellings([newcomer.short_name, newcomer.formal_name], field="short_name")
    participant = Participant.objects.create(
        code=code,
        kind=newcomer.kind,
        slug=free_slug(newcomer.short_name, code),
        short_name=newcomer.short_name,
        formal_name=newcomer.formal_name,
        sort_key=fold(newcomer.short_name),
        is_public=False,
    )
    keep_spellings(participant, [newcomer.short_name, newcomer.formal_name])
    record_audit(ADDED, actor=actor, kind="participant", ref=code, label=newcomer.short_name)
    return participant


def free_slug(name: str, code: str) -> str:
    """The address of a new participant: its name, or its code where the name is taken or leaves nothing."""
    slug = slugify(fold(name))[:60]
    return code.lower() if not slug or Participant.objects.filter(slug=slug).exists() else slug


def check_spellings(names: list[str], *, field: str, of: Participant | None = None) -> None:
    """No other participant bears one of the names."""
    folded = [fold(name) for name in names if name]
    taken = Alias.objects.filter(folded__in=folded).select_related("participant")
    if other := taken.exclude(participant=of).first():
        raise NotAllowed(f"The name “{other.name}” belongs to {other.participant} already.", field)
    bearers = Participant.objects.filter(short_name__in=[name for name in names if name])
    if bearer := bearers.exclude(pk__in=[of.pk] if of else []).first():
        raise NotAllowed(f"The name “{bearer}” belongs to another participant already.", field)


def keep_spellings(participant: Participant, names: list[str]) -> None:
    rows = {fold(name): name for name in names if name}
    missing = set(rows) - set(Alias.objects.filter(folded__in=rows).values_list("folded", flat=True))
    for folded in sorted(missing):  # one by one: a bulk insert would pass the history by
        Alias.objects.create(participant=participant, name=rows[folded], folded=folded)


@transaction.atomic(durable=True)
def rename_participant(
    participant_id: int,
    *,
    short_name: str,
    formal_name: str,
    last_day: dt.date,
    source: str,
    actor: User,
    key: uuid.UUID,
) -> Participant:
    """Give a participant a new name. The old one stays as the name of its time, until `last_day` included.

    Effects: one row of former names, the new names with their spellings, one audit row. Addresses of pages stay.
    The same key again changes nothing. Raises NotAllowed: no change at all, a name of another, a day out of order.
    """
    if once(key, actor=actor, action=RENAMED):
        return Participant.objects.get(pk=participant_id)
    require_staff(actor)
    participant = Participant.objects.select_for_update().get(pk=participant_id)
    before = (participant.short_name, participant.formal_name)
    if (short_name, formal_name) == before:
        raise NotAllowed("These are the names it bears already.", "short_name")
    check_spellings([short_name, formal_name], field="short_name", of=participant)
    rules.check_last_day(last_day, former=list(participant.former_names.values_list("to_on", flat=True)), today=today())
    FormerName.objects.create(
        participant=participant, short_name=before[0], formal_name=before[1], to_on=last_day, source=source
    )
    participant.short_name, participant.formal_name = short_name, formal_name
    participant.sort_key = fold(short_name)
    participant.save(update_fields=["short_name", "formal_name", "sort_key"])
    keep_spellings(participant, [*before, short_name, formal_name])
    detail = {"before": list(before), "after": [short_name, formal_name], "last_day": str(last_day), "source": source}
    record_audit(RENAMED, actor=actor, kind="participant", ref=participant.code, label=short_name, detail=detail)
    done(key, actor=actor, action=RENAMED, result_ref=participant.code)
    return participant


@transaction.atomic(durable=True)
def merge_participants(
    participant_id: int, *, into_id: int, on: dt.date, source: str, actor: User, key: uuid.UUID
) -> Merger:
    """From the day `on`, `into` stands in the place of the participant.

    Effects: standing, memberships and co-chair roles of the participant end the day before; admissions under way are
    dropped; one merger, one audit row. What it said and where it came stays its own. Appointments go on: whoever
    speaks for it in a circulation that runs may still reply. The same key again changes nothing. Raises NotAllowed.
    """
    if once(key, actor=actor, action=MERGED):
        return Merger.objects.get(participant_id=participant_id)
    require_staff(actor)
    # In the order of their keys: two mergers at once wait for one another instead of for ever.
    rows = {
        one.pk: one
        for one in Participant.objects.select_for_update().filter(pk__in=[participant_id, into_id]).order_by("pk")
    }
    participant, into = rows[participant_id], rows[into_id]
    _check_merger(participant, into, on)
    last = on - dt.timedelta(days=1)
    ended = sum(_end(found, last) for found in _running(participant))
    dropped = Admission.objects.filter(participant=participant, state=AdmissionState.OPEN.value).update(
        state=AdmissionState.DROPPED.value, reason=f"Became part of {into} on {on:%-d %B %Y}."
    )
    merger = Merger.objects.create(participant=participant, into=into, on=on, source=source)
    detail = {"into": into.code, "on": str(on), "source": source, "ended": ended, "dropped": dropped}
    record_audit(MERGED, actor=actor, kind="participant", ref=participant.code, label=str(participant), detail=detail)
    done(key, actor=actor, action=MERGED, result_ref=participant.code)
    return merger


def _check_merger(participant: Participant, into: Participant, on: dt.date) -> None:
    if participant == into:
        raise NotAllowed("A participant cannot become part of itself.", "into")
    if Merger.objects.filter(participant=participant).exists():
        raise NotAllowed(f"{participant} became part of another participant already.", "into")
    if Merger.objects.filter(participant=into).exists():
        raise NotAllowed(f"{into} became part of another participant itself; choose that one.", "into")
    if on > today():
        raise NotAllowed("This day is still to come. Record the merger once it took place.", "on")
    for found in _running(participant):
        late = found.filter(from_on__gte=on).first()
        if late is not None:
            raise NotAllowed(f"“{late}” began on {late.from_on:%-d %B %Y}; the merger cannot lie before it.", "on")


def _running(participant: Participant) -> list[QuerySet[Any]]:
    """What the participant still is: rows without a last day, or with one in the future of the merger."""
    return [model.objects.filter(participant=participant) for model in (Standing, BodyMembership, BodyChair)]


def _end(found: QuerySet[Any], last: dt.date) -> int:
    """End each row that goes on beyond a day, one by one: their history is kept by row."""
    beyond = found.exclude(to_on__lte=last)
    rows = list(beyond)
    for row in rows:
        row.to_on = last
        row.save(update_fields=["to_on"])
    return len(rows)
