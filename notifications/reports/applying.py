"""A report is matched, proven and, if it says something new, written to its notice."""

import hashlib
import logging
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from notifications.enums import Handling, NoticeState, ReportVerdict
from notifications.models import DeliveryReport, Notice
from notifications.reports.addresses import spellings
from notifications.reports.reading import About, Report
from notifications.reports.rules import judge_report

logger = logging.getLogger("notifications")


class TooEarly(Exception):
    """The report was faster than the record of sending: it is to be read again a little later."""


def key_of(*parts: bytes) -> str:
    """By which a report counts once, however often it is read."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@transaction.atomic(durable=True)
def apply_report(report: Report, *, source: str, key: str) -> DeliveryReport:
    """Keep a report once and, where it is proven and says something new, change its notice.

    Proven: it is about a message of ours (Message-ID) that a mail server took, it names the address of that message,
    and it came to the return path of that very message or from a provider that proved itself. All other reports are
    kept and change nothing; they are tied to no notice. Effects: the row of the report; for one that counts state,
    time and answer of the notice. The notice is locked first, so two reports on one message come one after the other.
    Raises TooEarly while the message is in the hands of the drainer: what its mail server answered is not written yet.
    """
    kept = DeliveryReport.objects.filter(key=key).first()
    if kept is not None:
        return kept
    notice = Notice.objects.select_for_update().filter(message_id__in=report.message_ids).first()
    about = _about(report, notice)
    verdict, changes = _judge(report, about, notice)
    is_proven = verdict in (ReportVerdict.APPLIED, ReportVerdict.NO_CHANGE)
    made, is_new = DeliveryReport.objects.get_or_create(
        key=key,
        defaults={
            "source": source[:20],
            "message_id": notice.message_id if notice else next(iter(report.message_ids), "")[:120],
            "notice": notice if is_proven else None,
            "action": about.action.value if about.action else "",
            "status": about.status,
            "diagnostic": about.diagnostic,
            "verdict": verdict.value,
        },
    )
    if is_new and notice is not None and changes:
        Notice.objects.filter(pk=notice.pk).update(**changes)
        logger.info("notice %s: a report says %s", notice.pk, about.action)
    return made


def _about(report: Report, notice: Notice | None) -> About:
    """The part of the report on the notice's address; where there is none, its first."""
    if notice is not None:
        own = spellings(notice.address)
        for one in report.about:
            if one.addresses & own:
                return one
    return report.about[0]


def _judge(report: Report, about: About, notice: Notice | None) -> tuple[ReportVerdict, dict[str, Any]]:
    if notice is None:
        return ReportVerdict.UNKNOWN, {}
    is_from_there = report.is_signed or notice.pk in report.proven
    if not is_from_there or not about.addresses & spellings(notice.address):
        return ReportVerdict.UNPROVEN, {}
    if notice.state == NoticeState.IN_FLIGHT:
        raise TooEarly
    if notice.accepted_at is None:
        return ReportVerdict.UNPROVEN, {}
    verdict, state = judge_report(about.action, NoticeState(notice.state))
    if verdict is not ReportVerdict.APPLIED:
        return verdict, {}
    changes: dict[str, Any] = {"answer": about.words}
    if state is NoticeState.BOUNCED:
        changes |= {"state": state.value, "bounced_at": Now()}
        if notice.handling != Handling.ADDRESS_CHANGED:
            # Whatever was done about it before: it has come back, and somebody must look at it.
            changes["handled_at"] = None
    elif state is NoticeState.DELIVERED:
        changes |= {"state": state.value, "delivered_at": Now()}
    return verdict, changes
