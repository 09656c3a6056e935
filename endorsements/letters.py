"""What the notices of a circulation know of it; the preview of a notice is made from the same facts."""

from typing import Any

from endorsements import words
from endorsements.enums import Mode
from endorsements.models import Circulation
from members.models import Forum


def facts(circulation: Circulation, forum: Forum) -> dict[str, Any]:
    """Placeholders that every notice of a circulation has. No text of the document is among them."""
    document = circulation.version.document
    return {
        "symbol": document.symbol,
        "circulation_symbol": document.symbol,
        "title_public": "",
        "version_number": circulation.version.number,
        "body_name": circulation.body.name,
        "expires_at": circulation.expires_at,
        "forum": forum,
        "forum_name": forum.name,
        "forum_zone": forum.time_zone,
        "forum_city": forum.secretariat_place,
        "sentence": circulation.sentence,
        "mode_phrase": words.MODES[Mode(circulation.mode)][1],
        "no_answer": words.NO_ANSWER[Mode(circulation.mode)],
    }
