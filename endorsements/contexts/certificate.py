"""The certificate of an endorsement as data of a PDF of one page: what, how, when, the tally, the fingerprints."""

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from endorsements import words
from endorsements.contexts.common import corrigenda_in_words
from endorsements.enums import Act, Mode, Share, State
from endorsements.models import Circulation
from members.models import Forum

MOST_CORRIGENDA, LONGEST = 3, 200
"""So much finds room on the page; the rest stands on the page of the circulation and in the register."""


def certificate(circulation: Circulation, forum: Forum) -> dict[str, Any]:
    """Data for documents.printing.pdf("certificate", …). Three queries; one more where a slip was corrected."""
    document, version = circulation.version.document, circulation.version
    state, mode = State(circulation.state), Mode(circulation.mode)
    sample = "Sample. " if circulation.is_sample else ""
    number = circulation.outcome.number if circulation.outcome else ""
    own = _entries(circulation)
    return {
        "title": "Certificate of endorsement",
        "author": forum.secretariat or forum.name,
        "line": f"{sample}{forum.name}",
        "number": number,
        "what": f"{document.title}, version {version.number}",
        "facts": [
            ["Result", words.STATES[state][1]],
            ["Document", f"{document.symbol}, {document.get_kind_display().lower()}"],
            ["Body", circulation.body.name],
            ["How", f"{words.MODES[mode][0]}. {circulation.sentence}"],
            *([["Confirmed", own["confirmed"]]] if own["confirmed"] else []),
            ["Approved by", f"{circulation.approved_for}, co-chair"],
            ["Sent", _both(circulation.opened_at, forum)],
            ["Deadline", _both(circulation.expires_at, forum)],
            ["Endorsed", _both(circulation.ended_at, forum)],
            ["Reservations", _reservations(circulation)],
        ],
        "tally_title": f"Tally of {sum(circulation.tally.values())} participants",
        "tally": [[word, str(count)] for word, count in words.tally_rows(circulation)],
        "corrigenda": _corrigenda(circulation),
        "hashes": [
            ["File", _in_fours(version.file_sha256)],
            ["Text", _in_fours(version.text_sha256)],
            ["Head of the register", _in_fours(own["head"])],
        ],
        "check": "Silence is recorded as no objection; it is no vote in favour. The head of the register stands for "
        "every entry up to the ending. How to check it: "
        f"{settings.BASE_URL}{reverse('endorsements:register-heads')}",
        "foot": f"{sample}{forum.secretariat}, {forum.secretariat_place}. {circulation.ref}",
    }


def _entries(circulation: Circulation) -> dict[str, str]:
    """From the register: the head after the ending, and how a co-chair confirmed it, where it had waited."""
    found = {"head": "", "confirmed": ""}
    rows = circulation.register.filter(act__in=[Act.ENDED.value, Act.DECIDED.value]).order_by("seq")
    for act, content, head in rows.values_list("act", "content", "head"):
        if act == Act.ENDED:
            found["head"] = head
        else:
            found["confirmed"] = f"by the co-chair, {json.loads(content)['facts']['chair']}, after waiting"
    return found


def _both(moment: dt.datetime | None, forum: Forum) -> str:
    """ "Fri 5 July 2030, 17:00 in Bangkok (10:00 UTC)"; the day of UTC too where it is another one."""
    if moment is None:
        return "–"
    local, utc = moment.astimezone(ZoneInfo(forum.time_zone)), moment.astimezone(dt.UTC)
    there = f"{utc:%H:%M}" if utc.date() == local.date() else f"{utc:%-d %B, %H:%M}"
    return f"{local:%a %-d %B %Y, %H:%M} in {forum.secretariat_place} ({there} UTC)"


def _reservations(circulation: Circulation) -> str:
    proposals = circulation.tally.get(Share.WITH_PROPOSALS.value, 0)
    if not proposals:
        return "None"
    return f"{proposals} participant{'' if proposals == 1 else 's'} endorsed with proposals"


def _corrigenda(circulation: Circulation) -> list[str]:
    found = corrigenda_in_words(circulation)
    shown = [one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…" for one in found[:MOST_CORRIGENDA]]
    more = len(found) - len(shown)
    return [*shown, *([f"{more} more on the page of the circulation."] if more else [])]


def _in_fours(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
