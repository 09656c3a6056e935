"""Whom a round of notices reached."""

import pytest

from notifications.enums import Kind, NoticeState
from notifications.models import Notice
from notifications.reach import accepted_for, states_for
from notifications.services import Addressee, notify

pytestmark = pytest.mark.django_db


def tell(code: str, state: NoticeState, *, ref: str = "k7", number: int = 0) -> None:
    to = [Addressee(f"person{number}@{code.lower()}.example", participant_code=code)]
    context = {"subject": "S", "body": "B"}
    notify(Kind.ACCOUNT, event=f"o:{ref}", to=to, context=context, subject_kind="circulation", subject_ref=ref)
    Notice.objects.filter(address=to[0].address, subject_ref=ref).update(state=state.value)


def test_accepted_for_one_of_its_addresses() -> None:
    tell("LK", NoticeState.ACCEPTED)
    tell("LK", NoticeState.FAILED, number=1)
    tell("TO", NoticeState.FAILED)
    tell("WS", NoticeState.QUEUED)
    tell("KI", NoticeState.BOUNCED)
    tell("NR", NoticeState.ACCEPTED, ref="other")
    tell("", NoticeState.ACCEPTED, number=9)
    assert accepted_for("circulation", "k7") == {"LK"}


def test_states_for_counts_the_notices_of_one_thing() -> None:
    tell("LK", NoticeState.ACCEPTED)
    tell("TO", NoticeState.ACCEPTED)
    tell("WS", NoticeState.FAILED)
    tell("NR", NoticeState.ACCEPTED, ref="other")
    assert states_for("circulation", "k7") == {"accepted": 2, "failed": 1}
