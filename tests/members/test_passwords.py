"""Words of the forum are no passwords; words of one's own are, whatever their script."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from members import passwords
from tests.factories.circulations import Stage

WORDS = {"bali", "process", "people", "smuggling", "thailand", "cote", "ivoire", "ad", "hoc"} - {"ad", "hoc"}


@pytest.mark.parametrize(
    ("password", "is_made"),
    [
        ("BaliProcess2026!", True),
        ("bali process people", True),
        ("Thailand-Thailand-2026", True),
        ("Côte d’Ivoire 1960", True),
        ("smuggling7letter", True),
        ("smuggling8letters", True),
        ("smuggling with my own words", False),
        ("correct horse battery staple", False),
        ("x7#kQ9$mP2!v", False),
        ("1234 5678 9012", False),
        ("สวัสดีชาวโลกทุกคน", False),
        ("", False),
    ],
)
def test_what_is_left_decides(password: str, is_made: bool) -> None:
    assert passwords.is_made_of(WORDS, password) is is_made


@pytest.mark.django_db
def test_the_words_are_those_of_the_forum_and_its_participants() -> None:
    stage = Stage()
    words = passwords.words_of_the_forum()
    assert {"harbour", "group", "aland"} <= words
    with pytest.raises(ValidationError, match="words of the forum"):
        validate_password(f"{stage.body.name} 2026 {stage.states[0].short_name}")
    validate_password("three words apart")


@pytest.mark.django_db
def test_four_queries_at_most(django_assert_max_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        passwords.words_of_the_forum()
