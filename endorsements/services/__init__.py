"""The deeds of a circulation. Each verb is durable and outermost; it locks, reads the clock, asks the rule, writes,
records and tells, all in one transaction. Steps (no transaction of their own) are in `steps`."""

from endorsements.services.approval import approve_as_chair, approve_circulation, ask_approval
from endorsements.services.asking import tell_open_requests
from endorsements.services.closing import close_circulation, close_due_circulations
from endorsements.services.contesting import contest_position, take_note
from endorsements.services.correcting import Slip, ask_new_clock, correct_circulation
from endorsements.services.deciding import confirm_circulation, open_again, set_aside
from endorsements.services.otherwise import record_otherwise
from endorsements.services.preparation import Plan, change_circulation, prepare_circulation
from endorsements.services.reminding import remind_due, remind_now
from endorsements.services.replies import record_position
from endorsements.services.running import extend_circulation, withdraw_circulation
from endorsements.services.speaking import Reply, Source
from endorsements.services.telling import Telling, tell_otherwise

__all__ = [
    "Plan",
    "Reply",
    "Slip",
    "Source",
    "Telling",
    "approve_as_chair",
    "approve_circulation",
    "ask_approval",
    "ask_new_clock",
    "change_circulation",
    "close_circulation",
    "close_due_circulations",
    "confirm_circulation",
    "contest_position",
    "correct_circulation",
    "extend_circulation",
    "open_again",
    "prepare_circulation",
    "record_otherwise",
    "record_position",
    "remind_due",
    "remind_now",
    "set_aside",
    "take_note",
    "tell_open_requests",
    "tell_otherwise",
    "withdraw_circulation",
]
