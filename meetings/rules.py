"""Rules of a meeting that is called: who may be invited and answer, until when, what a delegation must hold.

Pure functions over plain values, the time passed in. Source: the forum's rules on meetings (delegations, postponement,
cancellation) and on what goes out in the chairs' name.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from meetings.enums import STILL_AHEAD, STILL_TO_INVITE, TAKES_DELEGATIONS, DelegateRole, MeetingState, Verb
from members.rules import NotAllowed

MOST_DELEGATES = 40
"""Longer lists are not typed by hand."""
TRANSITIONS: Mapping[tuple[Verb, MeetingState], MeetingState] = {
    **{(Verb.CHANGE, state): state for state in STILL_AHEAD},
    **{(Verb.TICK, state): state for state in (*STILL_AHEAD, MeetingState.IN_SESSION, MeetingState.CLOSED)},
    **{(verb, state): state for verb in (Verb.PREPARE, Verb.ASK_APPROVAL) for state in STILL_TO_INVITE},
    **{(Verb.APPROVE, state): MeetingState.INVITED for state in STILL_TO_INVITE},
    **{(Verb.REGISTER, state): state for state in TAKES_DELEGATIONS},
    (Verb.PUBLISH_RECORD, MeetingState.CLOSED): MeetingState.PUBLISHED,
    (Verb.REMIND, MeetingState.INVITED): MeetingState.INVITED,
    **{(verb, state): state for verb in (Verb.ASK_PAPER, Verb.RECEIVE_PAPER) for state in STILL_AHEAD},
    **{(Verb.RECEIVE_PAPER, state): state for state in (MeetingState.IN_SESSION, MeetingState.CLOSED)},
    **{(Verb.POSTPONE, state): MeetingState.POSTPONED for state in STILL_AHEAD},
    **{(Verb.CANCEL, state): MeetingState.CANCELLED for state in STILL_AHEAD},
    (Verb.OPEN, MeetingState.INVITED): MeetingState.IN_SESSION,
    (Verb.CLOSE, MeetingState.IN_SESSION): MeetingState.CLOSED,
    (Verb.STEP_BACK, MeetingState.CLOSED): MeetingState.IN_SESSION,
    (Verb.STEP_BACK, MeetingState.IN_SESSION): MeetingState.INVITED,
    **{(Verb.SET_SESSIONS, state): state for state in (*STILL_AHEAD, MeetingState.IN_SESSION)},
    **{(verb, MeetingState.IN_SESSION): MeetingState.IN_SESSION for verb in (Verb.MARK, Verb.RUN)},
}
"""(verb, state) → the state after it; what is not here is refused."""
REFUSALS = {
    Verb.CHANGE: "This meeting is not ahead any more. What is on record about it stays.",
    Verb.TICK: "The checklist of this meeting can not be changed any more.",
    Verb.PUBLISH_RECORD: "Only the record of a closed meeting can be published.",
    Verb.PREPARE: "The invitation of this meeting can not be changed any more.",
    Verb.ASK_APPROVAL: "The invitation of this meeting went out already, or the meeting does not take place.",
    Verb.APPROVE: "The invitation of this meeting went out already, or the meeting does not take place.",
    Verb.REGISTER: "This meeting takes no registrations now. Nothing was recorded.",
    Verb.REMIND: "This meeting takes no registrations now.",
    Verb.ASK_PAPER: "This meeting is not ahead any more. No paper can be asked for.",
    Verb.RECEIVE_PAPER: "This meeting does not take place. Nothing was recorded.",
    Verb.POSTPONE: "This meeting is not ahead any more. It can not be postponed.",
    Verb.CANCEL: "This meeting is not ahead any more. It can not be cancelled.",
    Verb.OPEN: "Only a meeting to which the invitation went out can be opened, and only once.",
    Verb.CLOSE: "Only a meeting in session can be closed.",
    Verb.STEP_BACK: "This meeting has no step to go back.",
    Verb.SET_SESSIONS: "The sessions of this meeting can not be changed any more.",
    Verb.MARK: "This meeting is not in session. Nothing was recorded.",
    Verb.RUN: "This meeting is not in session. Nothing was recorded.",
}


def require(verb: Verb, state: MeetingState) -> MeetingState:
    """The state after a verb. Raises NotAllowed where the state does not permit it."""
    if (verb, state) not in TRANSITIONS:
        raise NotAllowed(REFUSALS[verb])
    return TRANSITIONS[verb, state]


def step_back(state: MeetingState, *, is_recorded: bool) -> MeetingState:
    """The state one step before. What was recorded from a source was never opened here."""
    if is_recorded:
        raise NotAllowed("This meeting was recorded from a source. It has no step to go back.")
    return require(Verb.STEP_BACK, state)


def permits(verb: Verb, state: MeetingState) -> bool:
    return (verb, state) in TRANSITIONS


def check_invitation(answer_by: dt.datetime, *, now: dt.datetime, begins: dt.datetime) -> None:
    """An invitation asks for an answer in the future and before the meeting. `begins`: the first instant of its first
    day."""
    if begins <= now:
        raise NotAllowed("The days of this meeting have passed or begun. First record the new days: postpone it.")
    if answer_by <= now:
        raise NotAllowed("This date has passed already. Choose a later day.", "day")
    if answer_by > begins:
        raise NotAllowed("The meeting begins before this. Choose an earlier day.", "day")


def approve(state: MeetingState, *, was_asked: bool, is_drafter: bool, evidence: str) -> MeetingState:
    """May this invitation be approved (and so sent)? Never by a person who drafted it."""
    after = require(Verb.APPROVE, state)
    if not was_asked:
        raise NotAllowed("Approval was not asked yet. The officer is still working on this invitation.")
    if is_drafter:
        raise NotAllowed("You prepared this invitation. Another person must approve it.")
    if not evidence.strip():
        raise NotAllowed("Say how the co-chair approved: by which letter, e-mail or call, and on what day.", "evidence")
    return after


def register(state: MeetingState, *, ends: dt.datetime, now: dt.datetime) -> None:
    """May an answer be recorded at `now`, the database's clock read under the meeting's lock? `ends`: the instant after
    the last day of the meeting, itself outside."""
    if state in {MeetingState.POSTPONED, MeetingState.CANCELLED}:
        raise NotAllowed(f"This meeting is {state.value}. Your answer was not recorded.")
    require(Verb.REGISTER, state)
    if now >= ends:
        raise NotAllowed("This meeting has ended. Your answer was not recorded.")


def is_late(answer_by: dt.datetime, now: dt.datetime) -> bool:
    """Given after the registration date? That instant itself is late."""
    return now >= answer_by


def check_delegates(roles: Sequence[DelegateRole], *, seats: int | None) -> None:
    """A delegation that comes has one head and no more people than seats; None: no limit."""
    if not roles:
        raise NotAllowed("Name at least the head of the delegation.", "delegates")
    heads = Counter(roles)[DelegateRole.HEAD]
    if heads != 1:
        found = "Nobody is" if not heads else f"{heads} people are"
        raise NotAllowed(f"{found} head of delegation. Choose exactly one.", "delegates")
    most = MOST_DELEGATES if seats is None else seats
    if len(roles) > most:
        raise NotAllowed(
            f"You name {len(roles)} people; this meeting has {most} seat{'' if most == 1 else 's'} for each delegation."
            if seats is not None
            else f"You name {len(roles)} people. A list has {most} at most; write to the secretariat.",
            "delegates",
        )


def check_source(source: str) -> None:
    if not source.strip():
        raise NotAllowed("Name the source: a statement, a letter, a list.", "source")


def publish_record(state: MeetingState, *, is_recorded: bool, is_recorder: bool) -> MeetingState:
    """May this record be published? Only one that was recorded from a source, and never by the person who did."""
    after = require(Verb.PUBLISH_RECORD, state)
    if not is_recorded:
        raise NotAllowed("This meeting was not recorded from a source. It is published with its own record.")
    if is_recorder:
        raise NotAllowed("You recorded this meeting. Another person must publish it.")
    return after


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed("Write the reason. Everyone who was invited reads it.", "reason")


def check_new_days(first: dt.date | None, last: dt.date | None, *, today: dt.date) -> None:
    """The new days of a postponed meeting: none, or a first and a last day that lie ahead."""
    if first is None and last is None:
        return
    if first is None:
        raise NotAllowed("Choose the first day too, or leave both empty.", "first_day")
    if first <= today:
        raise NotAllowed("This day is not ahead. Choose a later one.", "first_day")
    if last is not None and last < first:
        raise NotAllowed("The last day is before the first.", "last_day")


def check_due(due_on: dt.date, *, today: dt.date) -> None:
    if due_on <= today:
        raise NotAllowed("This day is not ahead. Choose a later one.", "due_on")
