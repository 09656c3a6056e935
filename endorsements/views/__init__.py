"""Pages and verbs of circulations: fetch through access, bind a form, call one service, redirect or render."""

from endorsements.views.circulations import (
    circulation_approve,
    circulation_ask,
    circulation_change,
    circulation_detail,
    circulation_file,
    circulation_list,
    circulation_prepare,
    register,
)
from endorsements.views.replies import position_check, position_edit, position_receipt, position_record

__all__ = [
    "circulation_approve",
    "circulation_ask",
    "circulation_change",
    "circulation_detail",
    "circulation_file",
    "circulation_list",
    "circulation_prepare",
    "position_check",
    "position_edit",
    "position_receipt",
    "position_record",
    "register",
]
