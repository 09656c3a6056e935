"""A slip of an open version is mended beside its text and told to all; a participant may ask for a new clock."""

import json
import uuid
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from documents.access import file_of
from endorsements import corrections, services
from endorsements.enums import Act, PositionKind, State
from endorsements.models import Circulation, ClockRequest, Corrigendum, Position, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import Slip, correcting
from members.models import User
from members.services import end_appointment
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_register import verify
from tests.factories.circulations import Stage
from tests.races import in_thread

SLIP = Slip(2, "guide says", "guide sets out", "A word was wrong.")
TEXT = "Paragraph 2 of the guide says what States do."


# ---- the rule -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "earlier", "said", "says", "field"),
    [
        (TEXT, [], "guide says", "guide sets out", None),
        (TEXT, [("guide says", "guide sets out")], "sets out", "says", None),
        (None, [], "guide", "guides", "paragraph"),
        (TEXT, [], "", "guides", "said"),
        (TEXT, [], "guide", "", "says"),
        (TEXT, [], "guide", "guide", "says"),
        (TEXT, [], "Guide", "guides", "said"),
        (TEXT, [("guide says", "guide sets out")], "guide says", "guides say", "said"),
        ("the the guide", [], "the", "a", "said"),
    ],
)
def test_check_slip(text: str | None, earlier: list[tuple[str, str]], said: str, says: str, field: str | None) -> None:
    if field is None:
        corrections.check_slip(text, earlier, said=said, says=says)
        return
    with pytest.raises(NotAllowed) as refused:
        corrections.check_slip(text, earlier, said=said, says=says)
    assert refused.value.field == field


# ---- the deeds ------------------------------------------------------------------------------------------------------


def correct(stage: Stage, circulation: Circulation, slip: Slip = SLIP, **changes: Any) -> Corrigendum:
    wanted = {"actor": stage.officer, "key": uuid.uuid4()} | changes
    return services.correct_circulation(circulation.ref, slip, **wanted)


def ask(stage: Stage, circulation: Circulation, **changes: Any) -> ClockRequest:
    wanted = {
        "participant": stage.states[0],
        "reason": "The word matters for our law.",
        "actor": stage.focal_point,
        "key": uuid.uuid4(),
    } | changes
    return services.ask_new_clock(circulation.ref, **wanted)


def counts() -> tuple[int, ...]:
    return tuple(one._default_manager.count() for one in (RegisterEntry, Notice, Corrigendum, ClockRequest))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
class TestCorrecting:
    def test_a_row_an_entry_and_everyone_told_while_the_text_stays(self, stage: Stage) -> None:
        circulation = stage.opened()
        filed = file_of(circulation.version)
        made = correct(stage, circulation)
        circulation.refresh_from_db()
        assert circulation.state == State.OPEN
        assert circulation.corrected_at == made.recorded_at
        assert (made.paragraph, made.said, made.says, made.actor) == (2, SLIP.said, SLIP.says, stage.officer)
        acts = list(RegisterEntry.objects.order_by("seq").values_list("act", flat=True))
        assert acts[2:] == [Act.CORRECTED, Act.NOTICES]
        facts = json.loads(made.register_entry.content)["facts"]
        assert facts["paragraph"] == 2
        assert SLIP.said not in made.register_entry.content
        told = Notice.objects.filter(kind=Kind.CIRCULATION_CORRECTED.value)
        assert told.count() == Notice.objects.filter(kind=Kind.CIRCULATION_OPENED.value).count() == 7
        assert not told.filter(needs_answer=True).exists()
        assert not any(SLIP.said in one.body or SLIP.says in one.body for one in told), "mail is not confidential"
        assert "paragraph 2 of draft" in told[0].body
        assert file_of(circulation.version) == filed
        assert circulation.version.paragraphs.get(number=2).text == TEXT

    def test_the_same_key_corrects_once(self, stage: Stage) -> None:
        circulation, key = stage.opened(), uuid.uuid4()
        assert correct(stage, circulation, key=key) == correct(stage, circulation, key=key)
        assert Corrigendum.objects.count() == 1

    @pytest.mark.parametrize(
        ("slip", "field"),
        [
            (Slip(9, "guide", "guides", "Why."), "paragraph"),
            (Slip(2, "other words", "guides", "Why."), "said"),
            (Slip(2, "guide", " ", "Why."), "says"),
            (Slip(2, "guide", "guides", " "), "reason"),
        ],
    )
    def test_refusals_leave_nothing_behind(self, stage: Stage, slip: Slip, field: str) -> None:
        circulation = stage.opened()
        before = counts()
        with pytest.raises(NotAllowed) as refused:
            correct(stage, circulation, slip)
        assert (refused.value.field, counts()) == (field, before)

    def test_only_while_it_runs_and_by_who_is_in_office(self, stage: Stage) -> None:
        draft = stage.draft()
        with pytest.raises(NotAllowed, match="not running"):
            correct(stage, draft)
        services.ask_approval(draft.ref, actor=stage.officer, key=uuid.uuid4())
        circulation = services.approve_as_chair(draft.ref, actor=stage.co_chair, key=uuid.uuid4())
        end_appointment(stage.officer.appointments.get().pk, actor=stage.admin, reason="Left")
        with pytest.raises(NotAllowed, match="has ended"):
            correct(stage, circulation)
        Circulation.objects.update(opened_at="2026-01-01T00:00Z", expires_at="2026-01-02T00:00Z")
        with pytest.raises(NotAllowed, match="deadline has passed"):
            correct(stage, circulation, actor=stage.manager)
        assert not Corrigendum.objects.exists()

    def test_rows_stay_as_recorded(self, stage: Stage) -> None:
        circulation = stage.opened()
        correct(stage, circulation)
        ask(stage, circulation)
        for model in (Corrigendum, ClockRequest):
            for change in (lambda model=model: model.objects.update(reason="Other"), model.objects.all().delete):
                with pytest.raises(ProgrammingError), transaction.atomic():
                    change()


@pytest.mark.django_db
class TestAsking:
    def test_it_is_recorded_told_and_decides_nothing(self, stage: Stage) -> None:
        circulation = stage.opened()
        stage.reply(circulation, PositionKind.ENDORSE)
        correct(stage, circulation)
        before = Circulation.objects.values("state", "expires_at").get()
        made = ask(stage, circulation, actor=stage.alternate)
        assert Circulation.objects.values("state", "expires_at").get() == before
        assert made.register_entry.participant_code == "AA"
        assert made.register_entry.act == Act.CLOCK_ASKED
        told = Notice.objects.filter(kind=Kind.NEW_CLOCK_ASKED.value)
        assert set(told.values_list("address", flat=True)) == {
            f"{name}@members.example" for name in ("officer", "manager", "co.chair")
        }
        assert Position.objects.count() == 1

    def test_what_co_chairs_are_told_does_not_make_their_participant_reached(self, stage: Stage) -> None:
        from notifications.reach import about

        circulation = stage.opened()
        correct(stage, circulation)
        ask(stage, circulation)
        assert not about("circulation", circulation.ref).filter(kind=Kind.NEW_CLOCK_ASKED.value).exists()

    def test_once_after_each_corrigendum(self, stage: Stage) -> None:
        circulation = stage.opened()
        with pytest.raises(NotAllowed, match="Nothing was corrected"):
            ask(stage, circulation)
        correct(stage, circulation)
        ask(stage, circulation)
        with pytest.raises(NotAllowed, match="already"):
            ask(stage, circulation, actor=stage.alternate)
        correct(stage, circulation, Slip(3, "guide", "policy guide", "Its full name."))
        ask(stage, circulation)
        assert ClockRequest.objects.count() == 2

    @pytest.mark.parametrize(
        ("who", "of", "sentence"),
        [
            ("reviewer", 0, "do not speak"),
            ("other", 0, "do not speak"),
            ("org_person", None, "does not reply"),
        ],
    )
    def test_only_who_replies_for_a_participant(self, stage: Stage, who: str, of: int | None, sentence: str) -> None:
        circulation = stage.opened()
        correct(stage, circulation)
        participant = stage.organisation if of is None else stage.states[of]
        with pytest.raises(NotAllowed, match=sentence):
            ask(stage, circulation, actor=getattr(stage, who), participant=participant)
        assert not ClockRequest.objects.exists()

    def test_a_reason_is_needed_and_the_same_key_asks_once(self, stage: Stage) -> None:
        circulation, key = stage.opened(), uuid.uuid4()
        correct(stage, circulation)
        with pytest.raises(NotAllowed, match="Write why"):
            ask(stage, circulation, reason=" ")
        assert ask(stage, circulation, key=key) == ask(stage, circulation, key=key)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def stage(self, transactional_db: None) -> Stage:
        return Stage()

    def _two_at_once(self, stage: Stage) -> list[Any]:
        circulation = stage.opened()
        correct(stage, circulation)
        made = [
            in_thread(lambda person=person: ask(stage, circulation, actor=person))
            for person in (stage.focal_point, stage.alternate)
        ]
        for thread, _ in made:
            thread.join()
        return [found[0] for _, found in made]

    def test_focal_point_and_alternate_at_once_ask_once(self, stage: Stage) -> None:
        results = self._two_at_once(stage)
        assert sorted(type(one).__name__ for one in results) == ["ClockRequest", "NotAllowed"]
        assert ClockRequest.objects.count() == 1

    def test_twin_without_the_lock_both_ask(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each waits, after it has looked, for the other to have looked."""
        import threading

        both = threading.Barrier(2, timeout=20)
        real = corrections.check_ask

        def look(*words: Any) -> None:
            real(*words)
            both.wait()

        monkeypatch.setattr(correcting, "lock_circulation", lambda ref: Circulation.objects.get(ref=ref))
        monkeypatch.setattr(correcting.corrections, "check_ask", look)
        self._two_at_once(stage)
        assert ClockRequest.objects.count() == 2


# ---- the pages ------------------------------------------------------------------------------------------------------


def url(name: str, circulation: Circulation) -> str:
    return reverse(f"endorsements:circulation-{name}", args=[circulation.ref])


@pytest.mark.django_db
class TestPages:
    def test_officer_corrects_and_every_page_shows_it_beside_the_text(self, stage: Stage, tmp_path: Any) -> None:
        circulation = stage.opened()
        position = stage.reply(circulation, PositionKind.ENDORSE)
        officer = client_of(stage.officer)
        assert TEXT in officer.get(url("correct", circulation)).content.decode()
        data = {"key": uuid.uuid4(), "paragraph": 2, "said": SLIP.said, "says": SLIP.says, "reason": SLIP.reason}
        answer = officer.post(url("correct", circulation), data)
        assert answer.headers["Location"] == circulation.get_absolute_url()
        words = f"for “{SLIP.said}” read “{SLIP.says}”"
        receipt = reverse("endorsements:position-receipt", args=[circulation.ref, position.pk])
        for user, path in [
            (stage.officer, circulation.get_absolute_url()),
            (stage.officer, url("evidence", circulation)),
            (stage.officer, url("extend", circulation)),
            (stage.focal_point, circulation.get_absolute_url()),
            (stage.focal_point, receipt),
            (stage.focal_point, f"{receipt}text/"),
        ]:
            assert words in client_of(user).get(path).content.decode(), path
        delegate = client_of(stage.focal_point).get(circulation.get_absolute_url()).content.decode()
        assert delegate.index("Corrigendum.") < delegate.index(TEXT) < delegate.index("Corrigendum of ")
        path = tmp_path / "receipt.txt"
        path.write_bytes(client_of(stage.focal_point).get(f"{receipt}text/").content)
        assert verify("verify-receipt", path).returncode == 0

    def test_a_bad_slip_is_said_at_its_field_and_kept(self, stage: Stage) -> None:
        circulation = stage.opened()
        data = {"key": uuid.uuid4(), "paragraph": 2, "said": "no such words", "says": "Kept <words>", "reason": "Why."}
        text = client_of(stage.officer).post(url("correct", circulation), data).content.decode()
        assert "<title>Error:" in text
        assert "These words do not stand in this paragraph." in text
        assert "Kept &lt;words&gt;" in text
        text = client_of(stage.officer).post(url("correct", circulation), {"key": uuid.uuid4()}).content.decode()
        assert "Choose the paragraph." in text

    def test_focal_point_asks_and_only_staff_and_co_chairs_read_it(self, stage: Stage) -> None:
        circulation = stage.opened()
        client = client_of(stage.focal_point)
        assert client.get(url("new-clock", circulation)).status_code == 403
        correct(stage, circulation)
        assert "ask for a new deadline" in client.get(circulation.get_absolute_url()).content.decode()
        assert "Request of Aland" in client.get(f"{url('new-clock', circulation)}?for=AA").content.decode()
        data = {"key": uuid.uuid4(), "participant": "AA", "reason": "MARKER of our law"}
        assert client.post(url("new-clock", circulation), {**data, "participant": "BB"}).status_code == 403
        assert "Write why" in client.post(url("new-clock", circulation), {**data, "reason": ""}).content.decode()
        assert client.post(url("new-clock", circulation), data).status_code == 302
        own = client.get(circulation.get_absolute_url()).content.decode()
        assert "Aland asked for a new deadline on" in own
        assert "ask for a new deadline</a>" not in own
        for user, sees in [(stage.officer, True), (stage.co_chair, True), (stage.third, False)]:
            text = client_of(user).get(circulation.get_absolute_url()).content.decode()
            assert ("MARKER of our law" in text) is sees
        assert client_of(stage.reviewer).get(url("new-clock", circulation)).status_code == 403

    def test_evidence_holds_the_round_against_the_register(self, stage: Stage) -> None:
        from endorsements.contexts.evidence import evidence
        from members.access import Reader, forum
        from members.clock import clock

        circulation = stage.opened()
        correct(stage, circulation)
        circulation.refresh_from_db()
        found = evidence(circulation, Reader(), forum(), clock())
        assert found["differences"] == []
        assert "Slip corrected" in {one.name for one in found["rounds"]}
