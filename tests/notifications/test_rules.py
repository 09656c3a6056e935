"""What answers of a mail server mean, cell by cell."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.rules import JITTER, RETRY_DELAYS, Stage, Verdict, judge, retry_delay

BEFORE = (Stage.CONNECT, Stage.GREET, Stage.SENDER)
FAILED, CUT, LATER, REFUSED = Verdict.SERVER_FAILED, Verdict.CUT, Verdict.TRY_LATER, Verdict.REFUSED
CELLS = [
    *[(stage, code, Verdict.CONTINUE) for stage in (*BEFORE, Stage.RECIPIENT) for code in (220, 250, 251)],
    *[(stage, code, FAILED) for stage in BEFORE for code in (None, 354, 421, 451, 454, 500, 530, 550, 554)],
    (Stage.RECIPIENT, None, FAILED),
    (Stage.RECIPIENT, 354, FAILED),
    (Stage.RECIPIENT, 421, FAILED),
    (Stage.RECIPIENT, 450, LATER),
    (Stage.RECIPIENT, 451, LATER),
    (Stage.RECIPIENT, 452, LATER),
    (Stage.RECIPIENT, 550, REFUSED),
    (Stage.RECIPIENT, 553, REFUSED),
    (Stage.DATA, None, FAILED),
    (Stage.DATA, 250, FAILED),
    (Stage.DATA, 354, Verdict.CONTINUE),
    (Stage.DATA, 421, FAILED),
    (Stage.DATA, 451, LATER),
    (Stage.DATA, 554, REFUSED),
    (Stage.TEXT, None, CUT),
    (Stage.TEXT, 250, Verdict.ACCEPTED),
    (Stage.TEXT, 354, FAILED),
    (Stage.TEXT, 421, FAILED),
    (Stage.TEXT, 451, LATER),
    (Stage.TEXT, 552, REFUSED),
    (Stage.TEXT, 999, FAILED),
    (Stage.TEXT, -1, FAILED),
]


@pytest.mark.parametrize(("stage", "code", "verdict"), CELLS)
def test_judge(stage: Stage, code: int | None, verdict: Verdict) -> None:
    assert judge(stage, code) is verdict


@given(st.sampled_from(Stage), st.one_of(st.none(), st.integers(-1, 999)))
def test_judge_accepts_only_after_the_text(stage: Stage, code: int | None) -> None:
    if judge(stage, code) is Verdict.ACCEPTED:
        assert stage is Stage.TEXT
        assert code is not None
        assert 200 <= code < 300


@given(st.sampled_from(BEFORE), st.one_of(st.none(), st.integers(-1, 999)))
def test_judge_never_blames_a_recipient_before_it_is_named(stage: Stage, code: int | None) -> None:
    assert judge(stage, code) in {Verdict.CONTINUE, Verdict.SERVER_FAILED}


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 360)])
def test_retry_delay(tries: int, minutes: int) -> None:
    assert retry_delay(tries, 0.0) == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize("tries", [0, 6, 7])
def test_retry_delay_is_none_after_the_last(tries: int) -> None:
    assert retry_delay(tries, 0.5) is None


@given(st.integers(1, 5), st.floats(0, 1, exclude_max=True))
def test_retry_delay_jitter_only_adds(tries: int, chance: float) -> None:
    wait = retry_delay(tries, chance)
    assert wait is not None
    assert RETRY_DELAYS[tries - 1] <= wait <= RETRY_DELAYS[tries - 1] * (1 + JITTER)
