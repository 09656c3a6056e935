"""Names of people are removed some days after a meeting. Found by what is due, each meeting in its own transaction
under its lock: a scheduler that is late, or two of them, changes nothing more."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction

from audit.services import record_audit
from meetings import list_rules
from meetings.enums import SUBJECT
from meetings.models import Delegate, Delegation, DelegationChange, FinalList, Meeting, NominationLetter
from meetings.services.steps import lock_meeting
from members.access import forum
from members.clock import clock

REMOVED = "delegation.names_removed"


def remove_names_due() -> int:
    """Remove names of every meeting of which it is due; of how many people."""
    before = clock().date() - dt.timedelta(days=settings.DELEGATES_KEPT_DAYS)
    rows = Meeting.objects.filter(latest_on__lte=before, delegations__names_removed_at__isnull=True)
    slugs = list(rows.order_by("latest_on", "pk").distinct().values_list("slug", flat=True))
    return sum(remove_names(slug) for slug in slugs)


@transaction.atomic(durable=True)
def remove_names(slug: str) -> int:
    """Take names, positions, special needs, evidence, letters and tokens away from the delegations of a meeting; of how
    many people. What stays: who was invited and answered what, and one row for each person, so that counts stay.

    Effects: the rows of people, letters, changes and frozen lists, `names_removed_at`, one audit row with counts.
    Nothing where it is not due yet, or was done.
    """
    meeting = lock_meeting(slug)
    now = clock()
    ends = meeting.ends_at(forum().time_zone)
    found = Delegation.objects.filter(meeting=meeting, names_removed_at__isnull=True)
    if not list_rules.names_are_due(ends, settings.DELEGATES_KEPT_DAYS, now) or not found.exists():
        return 0
    letters = NominationLetter.objects.filter(delegation__meeting=meeting).delete()[0]
    people = Delegate.objects.filter(delegation__meeting=meeting)
    count = people.exclude(name="").update(name="", function="", badge_token=None)
    DelegationChange.objects.filter(delegation__meeting=meeting).update(what=[])
    for final in FinalList.objects.filter(meeting=meeting):
        final.groups = without_names(final.groups)
        final.save(update_fields=["groups"])
    delegations = found.update(names_removed_at=now, special_needs="", evidence="")
    detail = {"delegations": delegations, "people": count, "letters": letters}
    record_audit(REMOVED, actor=None, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    return count


def without_names(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**group, "delegations": [{**one, "people": []} for one in group["delegations"]]} for group in groups]
