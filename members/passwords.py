"""Words of the forum are no passwords: whoever guesses tries them first (OWASP ASVS 5.0, 6.1.2 and 6.2.11)."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from members.models import Alias, Body, Forum, Participant
from members.names import fold

LETTERS_OF_ITS_OWN = 8
"""So many letters must remain when the forum's words are taken out of a password."""
SHORTEST_WORD = 3
SENTENCE = "This password is made of names and words of the forum, which are easy to guess. Add words of your own."
_LETTERS = re.compile(r"[^\W\d_]+")


def is_made_of(words: Iterable[str], password: str) -> bool:
    """Does a password hold some of `words` (folded) and few letters beside them? Digits and signs count for nothing."""
    letters = left = "".join(_LETTERS.findall(fold(password)))
    for word in sorted({*words}, key=len, reverse=True):
        left = left.replace(word, "")
    return left != letters and len(left) < LETTERS_OF_ITS_OWN


def words_of_the_forum() -> set[str]:
    """Words of the names of the forum, its bodies, its participants. Four queries."""
    names: set[str] = set()
    for rows in (
        Forum.objects.values_list("name", "short_name", "secretariat", "secretariat_abbreviation", "secretariat_place"),
        Body.objects.values_list("name", "abbreviation"),
        Participant.objects.values_list("short_name", "formal_name"),
        Alias.objects.values_list("name"),
    ):
        names.update(name for row in rows for name in row)
    found = {word for name in names for word in _LETTERS.findall(fold(name))}
    return {word for word in found if len(word) >= SHORTEST_WORD}


class ForumWordsValidator:
    """Refuses a password that is little more than words of the forum."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_made_of(words_of_the_forum(), password):
            raise ValidationError(SENTENCE, code="password_of_forum_words")

    def get_help_text(self) -> str:
        return "Do not build it on names and words of the forum."
