"""Pages and verbs of circulations: fetch through access, bind a form, call one service, redirect or render."""

from endorsements.views.certificate import circulation_certificate
from endorsements.views.circulations import (
    circulation_approve,
    circulation_ask,
    circulation_change,
    circulation_detail,
    circulation_file,
    circulation_list,
    circulation_prepare,
)
from endorsements.views.correcting import circulation_correct, circulation_new_clock
from endorsements.views.deeds import (
    circulation_confirm,
    circulation_decide,
    circulation_extend,
    circulation_open_again,
    circulation_set_aside,
    circulation_withdraw,
)
from endorsements.views.evidence import circulation_evidence, circulation_evidence_file, circulation_tell
from endorsements.views.late import position_contest, position_note, position_otherwise
from endorsements.views.live import circulation_live
from endorsements.views.register import (
    register,
    register_check,
    register_export,
    register_heads,
    register_heads_file,
    register_own,
)
from endorsements.views.reminding import circulation_remind
from endorsements.views.replies import (
    position_check,
    position_edit,
    position_receipt,
    position_receipt_file,
    position_record,
)

__all__ = [
    "circulation_approve",
    "circulation_ask",
    "circulation_certificate",
    "circulation_change",
    "circulation_confirm",
    "circulation_correct",
    "circulation_decide",
    "circulation_detail",
    "circulation_evidence",
    "circulation_evidence_file",
    "circulation_extend",
    "circulation_file",
    "circulation_list",
    "circulation_live",
    "circulation_new_clock",
    "circulation_open_again",
    "circulation_prepare",
    "circulation_remind",
    "circulation_set_aside",
    "circulation_tell",
    "circulation_withdraw",
    "position_check",
    "position_contest",
    "position_edit",
    "position_note",
    "position_otherwise",
    "position_receipt",
    "position_receipt_file",
    "position_record",
    "register",
    "register_check",
    "register_export",
    "register_heads",
    "register_heads_file",
    "register_own",
]
