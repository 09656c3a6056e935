"""A meeting is opened and closed; each step back is a deed with a reason."""

import uuid

from django.db import transaction

from audit.services import done, once, record_audit
from meetings import rules, session_rules
from meetings.enums import SUBJECT, MeetingState, Verb
from meetings.models import Meeting, Session
from meetings.services.steps import lock_meeting
from members.models import User
from members.services.holding import require_staff

OPENED, CLOSED, STEPPED_BACK = "meeting.opened", "meeting.closed", "meeting.stepped_back"
ACTIONS = {Verb.OPEN: OPENED, Verb.CLOSE: CLOSED, Verb.STEP_BACK: STEPPED_BACK}


@transaction.atomic(durable=True)
def open_meeting(slug: str, *, actor: User, key: uuid.UUID) -> Meeting:
    """Open a meeting that was invited. One without sessions gets one, named Meeting. One audit row. Raises NotAllowed:
    not invited, open already, the officer's post ended."""
    return _move(Verb.OPEN, slug, "", actor, key)


@transaction.atomic(durable=True)
def close_meeting(slug: str, *, actor: User, key: uuid.UUID) -> Meeting:
    """Close a meeting in session: no roll call and no outcome any more. One audit row. Raises NotAllowed as above."""
    return _move(Verb.CLOSE, slug, "", actor, key)


@transaction.atomic(durable=True)
def step_meeting_back(slug: str, *, reason: str, actor: User, key: uuid.UUID) -> Meeting:
    """Take back the closing, or the opening; what was recorded in session stays. The reason is kept in the audit row.
    Raises NotAllowed: no reason, no step to go back, recorded from a source, the officer's post ended."""
    session_rules.check_step_back(reason)
    return _move(Verb.STEP_BACK, slug, reason.strip(), actor, key)


def _move(verb: Verb, slug: str, reason: str, actor: User, key: uuid.UUID) -> Meeting:
    action = ACTIONS[verb]
    if once(key, actor=actor, action=action):
        return Meeting.objects.get(slug=slug)
    meeting = lock_meeting(slug)
    require_staff(actor)
    before = MeetingState(meeting.state)
    is_back = verb == Verb.STEP_BACK
    after = (
        rules.step_back(before, is_recorded=bool(meeting.recorded_by_id)) if is_back else rules.require(verb, before)
    )
    meeting.state = after.value
    meeting.save(update_fields=["state"])
    if verb == Verb.OPEN and not meeting.sessions.exists():
        Session.objects.create(meeting=meeting)
    detail = {"from": before.value, "to": after.value, **({"reason": reason} if reason else {})}
    record_audit(action, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    done(key, actor=actor, action=action, result_ref=slug)
    return meeting
