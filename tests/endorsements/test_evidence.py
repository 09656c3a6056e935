"""Evidence of notice: sums equal the register and the snapshot, or the page says by name what does not."""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audit.models import AccessEntry
from audit.services import record_access
from endorsements import services
from endorsements.contexts.board import board
from endorsements.contexts.evidence import evidence, gather
from endorsements.contexts.evidence_file import evidence_file
from endorsements.enums import PositionKind
from endorsements.models import Circulation
from members.access import Reader, forum
from members.clock import clock
from members.models import User
from members.services import end_appointment
from notifications.enums import NoticeState
from notifications.models import Notice, ToldOtherwise
from notifications.signs import Doubt
from tests.endorsements.test_closing import accept_all
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db
QUERIES = 14
"""Session, person, posts and choices among them."""


def page(circulation: Circulation, show: str = "", *, now: dt.datetime | None = None) -> dict[str, Any]:
    return evidence(circulation, Reader(), forum(), now or clock(), show=show)


def last_third(circulation: Circulation) -> dt.datetime:
    """The instant from which a draft should have been opened."""
    assert circulation.opened_at
    return circulation.expires_at - (circulation.expires_at - circulation.opened_at) / 3


def url(circulation: Circulation) -> str:
    return reverse("endorsements:circulation-evidence", args=[circulation.ref])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def doubts_by_code(circulation: Circulation) -> dict[str, tuple[Doubt, ...]]:
    found = page(circulation, now=last_third(circulation))["in_doubt"]
    return {line.participant.code: line.doubts for line in found}


def test_sums_equal_the_register_and_the_snapshot(stage: Stage) -> None:
    circulation = stage.opened()
    services.remind_now(circulation.ref, ["BB", "CC"], actor=stage.officer, key=uuid.uuid4())
    stage.reply(circulation, PositionKind.ENDORSE)
    accept_all()
    found = page(circulation, "all")
    assert found["differences"] == []
    assert found["message_count"] == 7 + 2 + 2
    assert sum(len(line.messages) for line in found["lines"]) == found["message_count"]
    assert {line.participant.code for line in found["lines"]} == {"AA", "BB", "CC", "ORG"}
    for one in found["rounds"]:
        assert one.sent + one.returned + one.waiting == len(one.messages)
    names = {one.name: len(one.messages) for one in found["rounds"]}
    assert names == {"Circulation opened": 7, "Reminder": 2, "Reply recorded": 2}


def test_a_message_that_is_gone_is_a_difference_said_by_the_round(stage: Stage) -> None:
    circulation = stage.opened()
    Notice.objects.filter(address="ministry@aa.example").delete()
    assert page(circulation)["differences"] == [
        "Circulation opened: the register lists 7 messages, the outbox holds 6."
    ]


def test_a_message_exchanged_for_another_is_a_difference(stage: Stage) -> None:
    circulation = stage.opened()
    Notice.objects.filter(address="ministry@aa.example").update(message_id="<forged@portal.example>")
    assert page(circulation)["differences"] == [
        "Circulation opened: these are not the messages that the register lists."
    ]


def test_a_participant_without_an_address_is_named(stage: Stage) -> None:
    for one in stage.organisation.appointments.all():
        end_appointment(one.pk, actor=stage.officer, reason="Left")
    circulation = stage.opened()
    assert page(circulation)["untold"] == ["ORG"]
    assert "No message was written to ORG." in signed_in(stage.officer).get(url(circulation)).content.decode()


def test_a_message_to_a_corrected_address_stands_apart_and_the_round_still_agrees(stage: Stage) -> None:
    circulation = stage.opened()
    old = Notice.objects.get(address="ministry@aa.example")
    services.remind_now(circulation.ref, ["AA"], actor=stage.officer, key=uuid.uuid4())
    Notice.objects.create(
        event=old.event,
        kind=old.kind,
        address="new@aa.example",
        participant_code="AA",
        subject_kind=old.subject_kind,
        subject_ref=old.subject_ref,
        message_id="<again@portal.example>",
    )
    found = page(circulation)
    assert found["differences"] == []
    assert {one.name: len(one.messages) for one in found["rounds"]} == {
        "Circulation opened": 7,
        "Reminder": 3,
        "Circulation opened again": 1,
    }


def test_doubts_of_the_silent_alone(stage: Stage) -> None:
    circulation = stage.opened()
    accept_all()
    assert doubts_by_code(circulation) == dict.fromkeys(("AA", "BB", "CC"), (Doubt.NOT_OPENED,))
    record_access(stage.other, kind="circulation", ref=circulation.ref, on_behalf_of="BB")
    end_appointment(stage.third.appointments.get().pk, actor=stage.officer, reason="Left the ministry")
    Notice.objects.filter(address="ministry@aa.example").update(state=NoticeState.BOUNCED.value, answer="550 no")
    assert doubts_by_code(circulation) == {
        "AA": (Doubt.RETURNED, Doubt.NOT_OPENED),
        "CC": (Doubt.VACANT, Doubt.NOT_OPENED),
    }
    stage.reply(circulation, PositionKind.NO_POSITION)
    assert set(doubts_by_code(circulation)) == {"CC"}


def test_who_has_not_opened_it_yet_is_in_doubt_from_the_last_third_on(stage: Stage) -> None:
    circulation = stage.opened()
    assert len(page(circulation)["in_doubt"]) == 3, "no message has arrived"
    accept_all()
    then = last_third(circulation)
    early = page(circulation, now=then - dt.timedelta(microseconds=1))
    assert (early["in_doubt"], early["informed"]) == ([], 3)
    late = page(circulation, now=then)
    assert (len(late["in_doubt"]), late["informed"]) == (3, 0)
    cells = board(circulation, Reader(stage.officer), forum(), then - dt.timedelta(hours=1))["cells"]
    assert {one.knows for one in cells} == {"● Told", ""}


def test_opened_is_said_of_the_person_who_opened_and_of_no_mailbox(stage: Stage) -> None:
    circulation = stage.opened()
    accept_all()
    record_access(stage.focal_point, kind="circulation", ref=circulation.ref, on_behalf_of="AA")
    lines, _ = gather(circulation, clock())
    opened = {one.address for line in lines for one in line.messages if one.is_opened}
    assert opened == {stage.focal_point.email}


def test_filter_shows_what_was_asked_for(stage: Stage) -> None:
    circulation = stage.opened()
    accept_all()
    stage.reply(circulation, PositionKind.ENDORSE)
    record_access(stage.other, kind="circulation", ref=circulation.ref, on_behalf_of="BB")
    keys = ("doubt", "silent", "all")
    late = last_third(circulation)
    shown = {key: [line.participant.code for line in page(circulation, key, now=late)["lines"]] for key in keys}
    assert shown == {"doubt": ["CC"], "silent": ["BB", "CC"], "all": ["AA", "BB", "CC", "ORG"]}


def test_page_says_it_all_to_staff_and_no_address_to_a_co_chair(stage: Stage) -> None:
    circulation = stage.opened()
    Notice.objects.filter(address="focal.bb@members.example").update(
        state=NoticeState.BOUNCED.value, answer="550 5.1.1 no such user"
    )
    text = signed_in(stage.officer).get(url(circulation), {"show": "all"}).content.decode()
    for words in (
        "focal.bb@members.example",
        "550 5.1.1 no such user",
        "Told otherwise",
        "The sums equal the register",
    ):
        assert words in text
    text = signed_in(stage.co_chair).get(url(circulation), {"show": "all"}).content.decode()
    assert "550 5.1.1 no such user" in text
    assert "@members.example" not in text.partition("<main")[2]
    assert "Told otherwise" not in text


def test_a_draft_has_no_evidence(stage: Stage) -> None:
    assert signed_in(stage.officer).get(url(stage.asked())).status_code == 404


def test_queries_do_not_grow(stage: Stage, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = signed_in(stage.officer)
    circulation = stage.opened()
    with django_assert_num_queries(QUERIES):
        client.get(url(circulation))
    for _ in range(2):
        services.remind_now(circulation.ref, ["AA", "BB", "CC"], actor=stage.officer, key=uuid.uuid4())
    accept_all()
    record_access(stage.other, kind="circulation", ref=circulation.ref, on_behalf_of="BB")
    with django_assert_num_queries(QUERIES):
        client.get(url(circulation), {"show": "all"})


def test_tell_form_records_and_leads_back(stage: Stage) -> None:
    circulation = stage.opened()
    address = reverse("endorsements:circulation-tell", args=[circulation.ref, "BB"])
    client = signed_in(stage.officer)
    assert client.get(address).status_code == 200
    local = clock().astimezone(ZoneInfo(stage.forum.time_zone))
    data = {
        "key": uuid.uuid4(),
        "way": "phone",
        "day": f"{local:%Y-%m-%d}",
        "at": f"{local:%H:%M}",
        "note": "The counsellor.",
    }
    refused = client.post(address, {**data, "day": "2036-01-01"})
    assert "not come yet" in refused.content.decode()
    assert not ToldOtherwise.objects.exists()
    answer = client.post(address, data)
    assert answer.headers["Location"] == url(circulation)
    text = client.get(url(circulation)).content.decode()
    assert "The counsellor." in text
    assert "By telephone" in text
    assert "BB" not in doubts_by_code(circulation)


def test_tell_is_for_participants_of_the_circulation(stage: Stage) -> None:
    circulation = stage.opened()
    address = reverse("endorsements:circulation-tell", args=[circulation.ref, stage.observer_state.code])
    assert signed_in(stage.officer).get(address).status_code == 404


def test_the_pdf_holds_every_message_and_is_logged(stage: Stage) -> None:
    circulation = stage.opened()
    data = evidence_file(circulation, Reader(stage.officer), forum(), clock())
    messages = data["tables"][-1]["rows"]
    assert len(messages) == 7
    assert {row[4] for row in messages} == {
        one.message_id.strip("<>") for one in Notice.objects.filter(kind="circulation.opened")
    }
    assert not any("@members.example" in row[1] for row in messages)
    answer = signed_in(stage.officer).get(f"{url(circulation)}file/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert AccessEntry.objects.filter(subject_kind="evidence", subject_ref=circulation.ref).count() == 1


def test_the_board_says_of_each_silent_member_whether_it_knows(stage: Stage) -> None:
    circulation = stage.opened()
    accept_all(but="CC")
    stage.reply(circulation, PositionKind.ENDORSE)
    cells = board(circulation, Reader(stage.officer), forum(), last_third(circulation))["cells"]
    assert {one.code: one.knows for one in cells} == {"AA": "", "BB": "! In doubt", "CC": "! Not reached", "ORG": ""}
    record_access(stage.other, kind="circulation", ref=circulation.ref, on_behalf_of="BB")
    cells = board(circulation, Reader(stage.officer), forum(), clock())["cells"]
    assert {one.code: one.knows for one in cells}["BB"] == "✓ Opened"
