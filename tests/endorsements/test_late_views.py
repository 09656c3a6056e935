"""Pages of what comes by letter, late or is contested: who finds them, what they say, what they refuse and keep."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from endorsements.enums import PositionKind, State, Timing
from endorsements.models import ChairRemark, Circulation, Contest, Position
from members.models import User
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.late_steps import contest, late_reply, over
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db
K = PositionKind


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def where(name: str, *args: Any) -> str:
    return reverse(f"endorsements:{name}", args=args)


def typed(circulation: Circulation, **changes: Any) -> dict[str, Any]:
    """The officer's form: received at the minute of the opening, in Bangkok."""
    at = circulation.opened_at.astimezone(ZoneInfo("Asia/Bangkok"))  # type: ignore[union-attr]
    return {
        "key": uuid.uuid4(),
        "seen": 0,
        "participant": "AA",
        "means": "letter",
        "day": f"{at:%Y-%m-%d}",
        "at": f"{at:%H:%M}",
        "evidence": "Letter of the ministry, filed under 7/2026.",
        "kind": "objection",
        "reason": "Paragraph 2 goes too far.",
    } | changes


def test_officer_records_a_letter_and_the_participant_finds_it(stage: Stage) -> None:
    circulation = stage.opened()
    officer, address = client_of(stage.officer), where("position-otherwise", circulation.ref)
    assert address in officer.get(circulation.get_absolute_url()).content.decode()
    shown = officer.get(address).content.decode()
    assert "counts as if it had been sent in the portal" in shown
    answer = officer.post(address, typed(circulation, kind="endorse"))
    made = Position.objects.get()
    assert answer["Location"] == where("position-receipt", circulation.ref, made.pk)
    assert (made.timing, made.means, made.evidence) == (Timing.IN_TIME, "letter", typed(circulation)["evidence"])
    board = officer.get(circulation.get_absolute_url()).content.decode()
    assert "By letter, late or contested" in board
    own = client_of(stage.focal_point)
    receipt = own.get(answer["Location"]).content.decode()
    for words in ("recorded by the secretariat", "By letter", "filed under 7/2026", "This is not our reply"):
        assert words in receipt
    assert "This is the reply of Aland that counts." in receipt
    assert client_of(stage.other).get(answer["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"participant": ""}, "Choose whose reply it is."),
        ({"participant": "ORG"}, "Select a valid choice"),
        ({"means": ""}, "Choose how it came."),
        ({"means": "pigeon"}, "Select a valid choice"),
        ({"day": "yesterday"}, "Write the day as"),
        ({"day": "2020-01-01"}, "was not open at this time"),
        ({"day": "2999-01-01"}, "has not come yet"),
        ({"at": ""}, "Write the time."),
        ({"evidence": " "}, "Say which letter"),
        ({"kind": ""}, "Choose one reply."),
        ({"reason": ""}, "Write the reason, or tick"),
    ],
)
def test_bad_input_is_told_at_its_field_and_kept(stage: Stage, changes: dict[str, str], words: str) -> None:
    circulation = stage.opened()
    address = where("position-otherwise", circulation.ref)
    page = client_of(stage.officer).post(address, typed(circulation, **changes)).content.decode()
    assert words in page
    assert "Error:" in page
    if "evidence" not in changes:
        assert "filed under 7/2026" in page
    assert not Position.objects.exists()


@pytest.mark.parametrize("who", ["co_chair", "focal_point", "reviewer"])
def test_nobody_else_records(stage: Stage, who: str) -> None:
    circulation = stage.opened()
    client, address = client_of(getattr(stage, who)), where("position-otherwise", circulation.ref)
    assert client.get(address).status_code == 403
    assert client.post(address, typed(circulation)).status_code == 403
    assert client_of(stage.stranger).get(address).status_code == 404


def test_who_was_overtaken_is_told_keeps_what_was_typed_and_may_send_again(stage: Stage) -> None:
    circulation = stage.opened()
    first, second = client_of(stage.focal_point), client_of(stage.alternate)
    data = {"participant": "AA", "seen": 0, "kind": "endorse_with_proposals", "proposals": "Kept words."}
    address = where("position-record", circulation.ref)
    first.post(address, {**data, "key": uuid.uuid4(), "kind": "endorse"})
    again = {**data, "key": uuid.uuid4()}
    page = second.post(address, again).content.decode()
    assert f"{stage.focal_point} recorded a reply of Aland at" in page
    assert "Kept words." in page
    made = Position.objects.get()
    assert f'name="seen" value="{made.pk}"' in page
    assert second.post(address, {**again, "seen": made.pk}).status_code == 302
    assert Position.objects.count() == 2


def test_participant_contests_on_the_page(stage: Stage) -> None:
    circulation = stage.opened()
    letter = stage.letter(circulation)
    client, address = client_of(stage.focal_point), where("position-contest", circulation.ref, letter.pk)
    assert "Contest this reply" in client.get(address).content.decode()
    refused = client.post(address, {"key": uuid.uuid4(), "reason": " "}).content.decode()
    assert "Say in a sentence why it is not right." in refused
    data = {"key": uuid.uuid4(), "reason": "It left us as a draft."}
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302
    assert Contest.objects.count() == 1
    circulation.refresh_from_db()
    assert circulation.state == State.WAITING
    receipt = client.get(where("position-receipt", circulation.ref, letter.pk)).content.decode()
    for words in ("Contested", "It left us as a draft.", "No reply of Aland counts.", "Send your own reply"):
        assert words in receipt
    assert client.get(address).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("reviewer", 403), ("other", 404), ("officer", 403), ("co_chair", 403)])
def test_nobody_else_contests(stage: Stage, who: str, status: int) -> None:
    circulation = stage.opened()
    letter = stage.letter(circulation, K.ENDORSE)
    client, address = client_of(getattr(stage, who)), where("position-contest", circulation.ref, letter.pk)
    assert client.get(address).status_code == status
    assert client.post(address, {"key": uuid.uuid4(), "reason": "No."}).status_code == status
    assert not Contest.objects.exists()


def test_co_chair_takes_note_on_the_page(stage: Stage) -> None:
    circulation = stage.opened()
    late = late_reply(stage, circulation)
    client, address = client_of(stage.co_chair), where("position-note", circulation.ref, late.pk)
    receipt = where("position-receipt", circulation.ref, late.pk)
    assert address in client.get(receipt).content.decode()
    assert "Take note" in client.get(address).content.decode()
    data = {"key": uuid.uuid4(), "note": "Read in the meeting."}
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302
    assert ChairRemark.objects.count() == 1
    own = client_of(stage.focal_point).get(receipt).content.decode()
    assert "Borland took note of this late reply. The result stays as it was." in own
    assert "Read in the meeting." in own
    for who, status in (("officer", 403), ("focal_point", 403), ("other", 404)):
        assert client_of(getattr(stage, who)).get(address).status_code == status


class TestDeciding:
    def test_page_says_what_each_exit_does_with_the_evidence_beside_it(self, stage: Stage) -> None:
        circulation = over(stage.opened())
        number = circulation.outcome.number
        stage.letter(circulation)
        client = client_of(stage.co_chair)
        page = client.get(where("circulation-decide", circulation.ref)).content.decode()
        text = " ".join(page.split())
        for words in (
            "A reply that came in time was recorded after the deadline, so a co-chair decides how this ends.",
            'If you confirm: <span class="chip s-endorsed">Endorsed</span>',
            f"Its number stays {number}.",
            'If you set it aside: <span class="chip s-broken">Silence broken</span>',
            f"Its number {number} is marked as set aside and never used again.",
            'If you give a new deadline: <span class="chip s-withdrawn">Withdrawn</span>',
            "Note verbale 12/2026",
            where("circulation-evidence", circulation.ref),
        ):
            assert words in text
        board = client.get(circulation.get_absolute_url()).content.decode()
        assert "Under review by the co-chair" in board
        assert (
            "Under review by the co-chair"
            in client_of(stage.focal_point).get(circulation.get_absolute_url()).content.decode()
        )

    def test_set_aside_with_a_note_and_everyone_sees_it(self, stage: Stage) -> None:
        circulation = over(stage.opened())
        number = circulation.outcome.number
        stage.letter(circulation)
        client, address = client_of(stage.co_chair), where("circulation-set-aside", circulation.ref)
        refused = client.post(address, {"key": uuid.uuid4(), "note": ""}).content.decode()
        assert "Write the reason." in refused
        data = {"key": uuid.uuid4(), "note": "The letter came in time."}
        assert client.post(address, data).status_code == 302
        circulation.refresh_from_db()
        assert circulation.state == State.BROKEN
        board = client.get(circulation.get_absolute_url()).content.decode()
        for words in ("The letter came in time.", number, "Set aside", "decided that it counts"):
            assert words in board
        mail = Notice.objects.filter(kind=Kind.CIRCULATION_ENDED.value, subject__contains="Silence broken")
        assert mail.exists()
        assert "The letter came in time." in mail[0].body

    def test_before_the_deadline_nothing_is_confirmed(self, stage: Stage) -> None:
        circulation = stage.opened()
        contest(stage, stage.letter(circulation))
        client = client_of(stage.co_chair)
        page = client.get(where("circulation-decide", circulation.ref)).content.decode()
        assert "Not before the deadline:" in page
        assert "Confirm and send" not in page
        assert "Set aside and send" in page
        answer = client.post(where("circulation-confirm", circulation.ref), {"key": uuid.uuid4(), "note": ""})
        assert "members may still reply" in answer.content.decode()

    @pytest.mark.parametrize("who", ["officer", "manager", "focal_point"])
    def test_only_a_co_chair_sets_aside(self, stage: Stage, who: str) -> None:
        circulation = over(stage.opened())
        stage.letter(circulation)
        address = where("circulation-set-aside", circulation.ref)
        answer = client_of(getattr(stage, who)).post(address, {"key": uuid.uuid4(), "note": "Why."})
        assert answer.status_code == 403


def test_no_other_participant_learns_of_a_letter_a_contest_or_a_late_reply(stage: Stage) -> None:
    circulation = stage.opened()
    letter = stage.letter(circulation, K.ENDORSE_WITH_PROPOSALS)
    contest(stage, letter)
    late = late_reply(stage, circulation)
    page = client_of(stage.third).get(circulation.get_absolute_url()).content.decode()
    for words in ("Aland", "contest", "letter", "goes too far", "too long"):
        assert words not in page
    for pk in (letter.pk, late.pk):
        assert client_of(stage.third).get(where("position-receipt", circulation.ref, pk)).status_code == 404
