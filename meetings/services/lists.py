"""The list of participants becomes final, and is taken back with a reason."""

import uuid

from django.db import transaction

from audit.services import done, once, record_audit
from meetings import list_rules, lists
from meetings.enums import SUBJECT, MeetingState
from meetings.models import FinalList
from meetings.services.steps import lock_meeting
from members.clock import clock
from members.models import User
from members.rules import NotAllowed
from members.services.holding import require_staff

FROZEN, REOPENED = "list.frozen", "list.reopened"


@transaction.atomic(durable=True)
def freeze_list(slug: str, *, actor: User, key: uuid.UUID) -> FinalList:
    """Make the list final as it stands under the meeting's lock: what delegations change later does not change it.

    Effects: the row with what the files print, one audit row with counts and no name. Raises NotAllowed: not called,
    final already, nobody on it, the officer's post ended.
    """
    if result := once(key, actor=actor, action=FROZEN):
        return FinalList.objects.get(pk=result)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    groups = lists.groups_now(meeting)
    delegations, people = lists.counts(groups)
    stands = lists.standing_list(meeting) is not None
    list_rules.check_freeze(MeetingState(meeting.state), stands=stands, people=people)
    made = FinalList.objects.create(meeting=meeting, frozen_at=now, frozen_by=actor, groups=groups)
    detail = {"delegations": delegations, "people": people}
    record_audit(FROZEN, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    done(key, actor=actor, action=FROZEN, result_ref=str(made.pk))
    return made


@transaction.atomic(durable=True)
def reopen_list(slug: str, *, reason: str, actor: User, key: uuid.UUID) -> FinalList:
    """Step back: the list is provisional again; the final one is kept with the reason. One audit row. Raises
    NotAllowed: not final, no reason, the officer's post ended."""
    if result := once(key, actor=actor, action=REOPENED):
        return FinalList.objects.get(pk=result)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    final = lists.standing_list(meeting)
    if final is None:
        raise NotAllowed(list_rules.NOT_FINAL)
    list_rules.check_reason(reason)
    final.reopened_at, final.reopened_by, final.reason = now, actor, reason.strip()
    final.save(update_fields=["reopened_at", "reopened_by", "reason"])
    record_audit(REOPENED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail={"reason": final.reason})
    done(key, actor=actor, action=REOPENED, result_ref=str(final.pk))
    return final
