"""What an officer chooses from when she prepares a circulation."""

from typing import Any

from endorsements.access import procedures_to_choose
from endorsements.procedures import facts
from members.access import Reader
from members.models import Forum


def to_choose(reader: Reader, forum: Forum) -> list[dict[str, Any]]:
    """Each procedure: name, its body where only one may use it, its sentence, what it means. One query."""
    return [
        {
            "name": one.name,
            "body": one.body,
            "sentence": one.sentence,
            "facts": facts(one, forum.secretariat_place),
        }
        for one in procedures_to_choose(reader)
    ]
