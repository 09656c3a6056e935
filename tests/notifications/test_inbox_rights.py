"""The inbox follows the posts in office; the way out of digests is read as a mail program reads it."""

import datetime as dt
from email import message_from_bytes

import pytest
from django.test import Client

from members.access import reader_of
from members.clock import clock
from members.enums import Role
from members.models import Appointment
from members.services import end_appointment
from notifications import inbox
from notifications.enums import Cadence, Kind
from notifications.letter import compose
from notifications.models import Notice
from notifications.services import Addressee, notify
from notifications.unsubscribe import stop_link
from portal.accountdata import data_of
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def test_the_header_is_whole_when_a_mail_program_reads_it(stage: Stage, client: Client) -> None:
    """A folded address would be encoded, and one press would lead nowhere."""
    person = stage.reviewer
    context = {"count": 1, "messages": [("Draft HF/1", "")]}
    (digest,) = notify(Kind.DIGEST, event="test:1", to=[Addressee(person.email, user_id=person.pk)], context=context)
    message = message_from_bytes(compose(digest))
    assert message["List-Unsubscribe"] == f"<{stop_link(person.pk)}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_left_the_secretariat_sees_none_of_its_requests(stage: Stage) -> None:
    circulation = stage.opened(seconds=9000)
    to = [Addressee(stage.manager.email, user_id=stage.manager.pk)]
    (row,) = notify(
        Kind.CIRCULATION_ENDED, event="test:office", to=to, subject_ref=circulation.ref,
        context={"symbol": "HF/1", "ending_words": "Endorsed", "tally": []},
    )  # fmt: skip
    assert inbox.mine(reader_of(stage.manager)).filter(pk=row.pk).exists()
    for post in stage.manager.appointments.all():
        end_appointment(post.pk, actor=None, reason="Moved")
    assert not inbox.mine(reader_of(stage.manager)).filter(pk=row.pk).exists()


def test_who_is_a_reviewer_now_is_not_asked_to_reply(stage: Stage) -> None:
    stage.opened(seconds=9000)
    assert len(inbox.asks(reader_of(stage.focal_point))) == 1
    Appointment.objects.filter(user=stage.focal_point).update(role=Role.REVIEWER.value)
    assert inbox.asks(reader_of(stage.focal_point)) == []
    assert inbox.informs(reader_of(stage.focal_point)).count() == 1


def test_that_a_post_ended_is_shown_to_who_held_it(stage: Stage) -> None:
    end_appointment(stage.focal_point.appointments.get().pk, actor=None, reason="Moved")
    kinds = set(inbox.mine(reader_of(stage.focal_point)).values_list("kind", flat=True))
    assert kinds == {Kind.POST_ENDED.value}


def test_the_end_of_the_last_post_that_waits_settles_the_request(stage: Stage) -> None:
    post = stage.reviewer.appointments.get()
    now = clock()
    year_ago = now - dt.timedelta(days=400)
    Appointment.objects.filter(participant=stage.states[0]).update(starts_at=now - dt.timedelta(days=9))
    Appointment.objects.filter(pk=post.pk).update(starts_at=year_ago)
    to = [Addressee(stage.focal_point.email, user_id=stage.focal_point.pk, participant_code=stage.states[0].code)]
    (row,) = notify(
        Kind.CONFIRM_ASKED, event="test:ask", to=to, subject_kind="appointment", subject_ref=str(post.pk),
        context={"whom": "X", "people": [], "asked": 1},
    )  # fmt: skip
    end_appointment(stage.alternate.appointments.get().pk, actor=None, reason="Moved")
    row.refresh_from_db()
    assert row.settled_at is None, "another post still waits"
    end_appointment(post.pk, actor=None, reason="Moved")
    row.refresh_from_db()
    assert row.settled_at is not None


@pytest.mark.parametrize("cadence", [Cadence.DAILY, Cadence.WEEKLY, Cadence.NEVER])
def test_a_message_that_is_held_back_says_why(cadence: Cadence) -> None:
    row = Notice(state="withheld", cadence=cadence.value)
    assert {"daily": "daily digest", "weekly": "weekly digest", "never": "inbox"}[cadence.value] in row.state_sentence
    row.digest_id = 1
    assert "went out in a digest" in row.state_sentence


def test_the_own_data_say_what_was_read(stage: Stage) -> None:
    stage.opened(seconds=9000)
    data = data_of(stage.focal_point)
    assert data["notices"][0]["asks_for_an_answer"] is True
    assert data["notices"][0]["read_at"] is None
    assert data["notice_choices"] == {}
