"""The end at the deadline. Late, twice or on two workers, closing changes nothing more."""

import logging

from django.db import transaction
from django.db.models.functions import Now

from endorsements import endings, positions, rules
from endorsements.enums import State, WaitReason
from endorsements.models import Circulation, Eligible
from endorsements.rules import NotAllowed
from endorsements.services.steps import lock_circulation, settle
from members.clock import clock
from members.directory import participants_with_speaker

log = logging.getLogger(__name__)


@transaction.atomic(durable=True)
def close_circulation(ref: str) -> bool:
    """Close one circulation whose deadline has passed; False when it is closed already.

    Takes the lock that replies take, at or after expiry: so every earlier stamp is committed. Reached is judged here,
    once, for eligible participants without a position. Effects: ending or waiting, tally, outcome with its number,
    document endorsed, entry, notices. Raises NotAllowed before the deadline.
    """
    circulation = lock_circulation(ref)
    now = clock()
    if not rules.close(State(circulation.state), circulation.window, now):
        return False
    unreached = judge_reached(circulation)
    kinds = positions.kinds(positions.standing(circulation))
    eligible = positions.counting(circulation)
    state = endings.ending(kinds, circulation.terms, eligible=eligible, unreached=unreached)
    circulation.waits_for = [WaitReason.UNREACHED.value] if state == State.WAITING else []
    settle(circulation, state, at=now)
    return True


def judge_reached(circulation: Circulation) -> int:
    """Write down who was reached among those that count and said nothing; how many were not. Judged once for each.

    By what was so before the deadline: a closing that runs late judges the same. A participant with neither focal point
    nor alternate in office is not reached, unless it was told by another way than e-mail.
    """
    said = set(positions.standing(circulation))
    silent = [
        row
        for row in circulation.eligible.filter(counts=True).select_related("participant")
        if row.participant_id not in said
    ]
    reached, told = positions.reached_codes(circulation), positions.told_codes(circulation)
    speaking = participants_with_speaker(row.participant_id for row in silent)
    new = [row for row in silent if row.reached is None]
    for row in new:
        by_mail = row.participant.code in reached and row.participant_id in speaking
        row.reached = by_mail or row.participant.code in told
    Eligible.objects.bulk_update(new, ["reached"])
    return sum(not row.reached for row in silent)


def close_due_circulations() -> int:
    """Close each circulation whose deadline has passed, each in its own transaction; how many were closed.

    Found by what is due: a scheduler an hour late, or two of them, changes nothing.
    """
    due = Circulation.objects.filter(state=State.OPEN.value, expires_at__lte=Now()).order_by("expires_at")
    closed = 0
    for ref in list(due.values_list("ref", flat=True)):
        try:
            closed += close_circulation(ref)
        except NotAllowed as error:
            log.warning("%s was not closed: %s", ref, error)
    return closed
