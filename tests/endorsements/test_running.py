"""A circulation that runs is extended or withdrawn, one that waits is decided by a co-chair: by the rule, once."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from decisions.models import Outcome
from endorsements import services
from endorsements.enums import Act, PositionKind, State
from endorsements.models import Circulation, Extension, Position, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import running
from members.clock import clock
from members.models import User
from members.services import end_appointment
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_closing import accept_all, expire, short
from tests.factories.circulations import Stage
from tests.races import in_thread, waits_for_a_lock

WHY = "Two members asked for more time."


def extend(stage: Stage, circulation: Circulation, *, hours: float = 24, **changes: Any) -> Circulation:
    wanted = {
        "expires_at": circulation.expires_at + dt.timedelta(hours=hours),
        "reason": WHY,
        "actor": stage.officer,
        "key": uuid.uuid4(),
    } | changes
    return services.extend_circulation(circulation.ref, wanted.pop("expires_at"), **wanted)


def withdraw(stage: Stage, circulation: Circulation, **changes: Any) -> Circulation:
    wanted = {"reason": WHY, "actor": stage.officer, "key": uuid.uuid4()} | changes
    return services.withdraw_circulation(circulation.ref, **wanted)


def waiting(stage: Stage) -> Circulation:
    """One that waits, since no notice reached BB."""
    circulation = short(stage)
    accept_all(but="BB")
    expire(circulation)
    services.close_circulation(circulation.ref)
    circulation.refresh_from_db()
    assert circulation.state == State.WAITING
    return circulation


def counts() -> tuple[int, ...]:
    return tuple(model._default_manager.count() for model in (RegisterEntry, Notice, Extension, Outcome, Circulation))


@pytest.mark.django_db
class TestExtension:
    def test_deadline_moves_replies_stand_and_everyone_is_told(self, stage: Stage) -> None:
        circulation = stage.opened()
        before = circulation.expires_at
        reply = stage.reply(circulation, PositionKind.ENDORSE)
        after = extend(stage, circulation)
        assert (after.state, after.expires_at) == (State.OPEN, before + dt.timedelta(hours=24))
        assert Position.objects.get().pk == reply.pk
        row = Extension.objects.get()
        assert (row.from_at, row.to_at, row.reason, row.actor) == (before, after.expires_at, WHY, stage.officer)
        facts = json.loads(row.register_entry.content)["facts"]
        assert set(facts) == {"from", "to", "reason_sha256"}
        told = Notice.objects.filter(kind=Kind.CIRCULATION_EXTENDED.value)
        opened = Notice.objects.filter(kind=Kind.CIRCULATION_OPENED.value)
        assert sorted(told.values_list("address")) == sorted(opened.values_list("address"))
        assert all(WHY in one.body for one in told)

    def test_who_has_not_answered_is_asked_until_the_new_deadline(self, stage: Stage) -> None:
        circulation = stage.opened()
        stage.reply(circulation, PositionKind.ENDORSE)
        after = extend(stage, circulation)
        asked = Notice.objects.filter(kind=Kind.CIRCULATION_OPENED.value, needs_answer=True, settled_at=None)
        assert set(asked.values_list("participant_code", "answer_by")) == {
            (code, after.expires_at) for code in ("BB", "CC")
        }

    def test_same_submission_twice_extends_once(self, stage: Stage) -> None:
        circulation, key = stage.opened(), uuid.uuid4()
        extend(stage, circulation, key=key)
        before = counts()
        extend(stage, circulation, key=key)
        assert counts() == before

    @pytest.mark.parametrize(
        ("terms", "changes", "words"),
        [
            ({}, {"hours": 0}, "later than the present"),
            ({}, {"hours": -1}, "later than the present"),
            ({}, {"reason": "  "}, "Write the reason"),
            ({"may_extend": False}, {}, "no extension"),
            ({"longest_days": 1}, {"hours": 24}, "later than the procedure permits"),
        ],
    )
    def test_refused_with_nothing_changed(
        self, stage: Stage, terms: dict[str, Any], changes: dict[str, Any], words: str
    ) -> None:
        stage.terms = terms
        circulation = stage.opened()
        before = counts()
        with pytest.raises(NotAllowed, match=words):
            extend(stage, circulation, **changes)
        assert counts() == before
        assert Circulation.objects.get().expires_at == circulation.expires_at

    def test_from_the_deadline_on_it_is_too_late_though_no_task_has_run(self, stage: Stage) -> None:
        circulation = short(stage)
        expire(circulation)
        before = counts()
        for deed in (extend, withdraw):
            with pytest.raises(NotAllowed, match="deadline has passed"):
                deed(stage, circulation)
        assert counts() == before

    def test_whose_post_has_ended_neither_extends_nor_withdraws(self, stage: Stage) -> None:
        circulation = stage.opened()
        end_appointment(stage.officer.appointments.get().pk, actor=stage.manager, reason="Moved")
        before = counts()
        for deed in (extend, withdraw):
            with pytest.raises(NotAllowed, match="post in the secretariat has ended"):
                deed(stage, circulation)
        assert counts() == before

    def test_row_of_an_extension_cannot_be_changed(self, stage: Stage) -> None:
        extend(stage, stage.opened())
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Extension.objects.update(reason="Other")

    def test_closing_goes_by_the_new_deadline(self, stage: Stage) -> None:
        circulation = short(stage, 0.8)
        extend(stage, circulation, expires_at=circulation.expires_at + dt.timedelta(hours=1))
        expire(circulation)
        assert services.close_due_circulations() == 0
        assert stage.reply(circulation, PositionKind.ENDORSE).recorded_at > circulation.expires_at


@pytest.mark.django_db
class TestWithdrawal:
    def test_ends_without_a_decision_and_tells_why(self, stage: Stage) -> None:
        circulation = stage.opened()
        stage.reply(circulation, PositionKind.ENDORSE)
        after = withdraw(stage, circulation)
        assert (after.state, after.ending_reason, after.outcome_id) == (State.WITHDRAWN, WHY, None)
        assert not Outcome.objects.exists()
        entry = RegisterEntry.objects.get(act=Act.ENDED)
        assert json.loads(entry.content)["facts"]["state"] == "withdrawn"
        assert entry.actor.user == stage.officer
        told = Notice.objects.filter(kind=Kind.CIRCULATION_ENDED.value)
        assert told
        assert all("Withdrawn" in one.subject and WHY in one.body for one in told)
        assert not Notice.objects.filter(needs_answer=True, settled_at=None).exists()

    def test_takes_no_reply_any_more_and_the_version_may_go_round_again(self, stage: Stage) -> None:
        circulation = stage.opened()
        withdraw(stage, circulation)
        with pytest.raises(NotAllowed, match="withdrawn"):
            stage.reply(circulation, PositionKind.ENDORSE)
        again = stage.opened()
        assert again.ref == f"{circulation.ref}-2"

    def test_same_submission_twice_withdraws_once(self, stage: Stage) -> None:
        circulation, key = stage.opened(), uuid.uuid4()
        withdraw(stage, circulation, key=key)
        before = counts()
        withdraw(stage, circulation, key=key)
        assert counts() == before


@pytest.mark.django_db
class TestDeciding:
    def confirm(self, circulation: Circulation, actor: User, **changes: Any) -> Circulation:
        return services.confirm_circulation(
            circulation.ref, **({"note": "", "actor": actor, "key": uuid.uuid4()} | changes)
        )

    def again(self, circulation: Circulation, actor: User, **changes: Any) -> Circulation:
        wanted = {"note": WHY, "actor": actor, "key": uuid.uuid4(), "until": clock() + dt.timedelta(hours=1)} | changes
        return services.open_again(circulation.ref, wanted.pop("until"), **wanted)

    def test_co_chairs_are_asked_when_it_waits(self, stage: Stage) -> None:
        waiting(stage)
        asked = Notice.objects.get(kind=Kind.CIRCULATION_DECISION.value)
        assert (asked.user, asked.needs_answer, asked.answer_by) == (stage.co_chair, True, None)
        assert "1 silent member may" in asked.body

    def test_confirmed_is_the_ending_of_the_counting_replies_with_its_number(self, stage: Stage) -> None:
        circulation = waiting(stage)
        assert not Outcome.objects.exists()
        after = self.confirm(circulation, stage.co_chair, note="Borland was told by its embassy.")
        assert (after.state, after.tally["not_reached"]) == (State.ENDORSED, 1)
        assert after.outcome.number.endswith("/1")
        decided = json.loads(RegisterEntry.objects.get(act=Act.DECIDED).content)
        assert (decided["facts"]["exit"], decided["facts"]["chair"]) == ("confirm", "BB")
        assert decided["participant"] == ""
        assert not Notice.objects.filter(needs_answer=True, settled_at=None).exists()

    def test_confirmed_with_proposals(self, stage: Stage) -> None:
        circulation = short(stage, 0.8)
        stage.reply(circulation, PositionKind.ENDORSE_WITH_PROPOSALS)
        accept_all(but="BB")
        expire(circulation)
        services.close_circulation(circulation.ref)
        assert self.confirm(circulation, stage.co_chair).state == State.ENDORSED_WITH_PROPOSALS

    def test_new_clock_withdraws_and_opens_the_same_version_under_the_same_terms(self, stage: Stage) -> None:
        circulation = waiting(stage)
        again = self.again(circulation, stage.co_chair)
        circulation.refresh_from_db()
        assert (circulation.state, circulation.ending_reason) == (State.WITHDRAWN, WHY)
        assert (again.state, again.follows, again.version) == (State.OPEN, circulation, circulation.version)
        assert (again.approved_by, again.drafted_by) == (stage.co_chair, stage.officer)
        assert [getattr(again, name) for name in ("mode", "sentence", "min_seconds", "reminder_hours")] == [
            getattr(circulation, name) for name in ("mode", "sentence", "min_seconds", "reminder_hours")
        ]
        assert again.eligible.count() == circulation.eligible.count()
        acts = list(RegisterEntry.objects.order_by("seq").values_list("act", flat=True))[-5:]
        assert acts == [Act.DECIDED, Act.ENDED, Act.NOTICES, Act.OPENED, Act.NOTICES]
        asked = Notice.objects.filter(kind=Kind.CIRCULATION_OPENED.value, needs_answer=True, settled_at=None)
        assert set(asked.values_list("subject_ref", flat=True)) == {again.ref}

    def test_same_submission_twice_decides_once(self, stage: Stage) -> None:
        circulation, key = waiting(stage), uuid.uuid4()
        first = self.again(circulation, stage.co_chair, key=key)
        before = counts()
        assert self.again(circulation, stage.co_chair, key=key) == first
        assert counts() == before

    @pytest.mark.parametrize("who", ["officer", "manager", "focal_point", "admin"])
    def test_only_a_co_chair_decides(self, stage: Stage, who: str) -> None:
        circulation = waiting(stage)
        before = counts()
        for deed in (self.confirm, self.again):
            with pytest.raises(NotAllowed, match="not a co-chair"):
                deed(circulation, getattr(stage, who))
        assert counts() == before

    def test_co_chair_of_another_body_or_of_yesterday_does_not(self, stage: Stage) -> None:
        from members.enums import Role
        from tests.factories.directory import BodyFactory

        circulation = waiting(stage)
        other = stage.person("chair.other", Role.CO_CHAIR, stage.states[2], body=BodyFactory(slug="lanterns"))
        end_appointment(stage.co_chair.appointments.get().pk, actor=stage.manager, reason="Moved")
        for person in (other, stage.co_chair):
            with pytest.raises(NotAllowed, match="not a co-chair"):
                self.confirm(circulation, person)

    def test_minimum_period_holds_for_the_new_clock(self, stage: Stage) -> None:
        circulation = waiting(stage)
        before = counts()
        with pytest.raises(NotAllowed, match="passed already"):
            self.again(circulation, stage.co_chair, until=clock() - dt.timedelta(seconds=1))
        with pytest.raises(NotAllowed, match="Write the reason"):
            self.again(circulation, stage.co_chair, note=" ")
        assert counts() == before

    def test_nothing_is_decided_twice(self, stage: Stage) -> None:
        circulation = waiting(stage)
        self.confirm(circulation, stage.co_chair)
        for deed in (self.confirm, self.again):
            with pytest.raises(NotAllowed, match="does not wait"):
                deed(circulation, stage.co_chair)


@pytest.mark.django_db
class TestPages:
    def test_officer_extends_on_the_page(self, client: Client, stage: Stage) -> None:
        circulation = stage.opened()
        client.force_login(stage.officer)
        address = reverse("endorsements:circulation-extend", args=[circulation.ref])
        page = client.get(address).content.decode()
        assert "Extend and send" in page
        day = (circulation.expires_at + dt.timedelta(days=3)).date().isoformat()
        data = {"key": uuid.uuid4(), "day": day, "time": "17:00", "reason": ""}
        refused = client.post(address, data).content.decode()
        assert "Write the reason" in refused
        assert day in refused
        assert client.post(address, {**data, "reason": WHY}).status_code == 302
        board = client.get(circulation.get_absolute_url()).content.decode()
        assert "Extended" in board
        assert WHY in board
        client.force_login(stage.focal_point)
        assert WHY in client.get(circulation.get_absolute_url()).content.decode()

    def test_co_chair_decides_on_the_page_with_the_evidence_beside_it(self, client: Client, stage: Stage) -> None:
        circulation = waiting(stage)
        client.force_login(stage.co_chair)
        assert "Decide how this ends" in client.get(circulation.get_absolute_url()).content.decode()
        page = client.get(reverse("endorsements:circulation-decide", args=[circulation.ref])).content.decode()
        assert "Borland" in page
        assert "No notice was accepted" in page
        address = reverse("endorsements:circulation-open-again", args=[circulation.ref])
        data = {"key": uuid.uuid4(), "day": "2020-01-01", "time": "17:00", "reason": WHY}
        refused = client.post(address, data).content.decode()
        assert "passed already" in refused
        assert WHY in refused
        address = reverse("endorsements:circulation-confirm", args=[circulation.ref])
        assert client.post(address, {"key": uuid.uuid4(), "note": ""}).status_code == 302
        assert Circulation.objects.get().state == State.ENDORSED

    def test_staff_see_that_it_waits_and_have_no_button(self, client: Client, stage: Stage) -> None:
        circulation = waiting(stage)
        client.force_login(stage.officer)
        assert "Decide how this ends" not in client.get(circulation.get_absolute_url()).content.decode()
        assert client.get(reverse("endorsements:circulation-decide", args=[circulation.ref])).status_code == 403


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def stage(self, transactional_db: None) -> Stage:
        return Stage()

    def _extension_held_up_past_the_deadline(self, stage: Stage) -> list[Any]:
        circulation = short(stage, 1.0)
        raw = connection.get_new_connection(connection.get_connection_params())
        try:
            with raw.cursor() as cursor:
                cursor.execute("SELECT 1 FROM endorsements_circulation WHERE id = %s FOR UPDATE", [circulation.pk])
            thread, found = in_thread(lambda: extend(stage, circulation))
            waits_for_a_lock()
            assert clock() < circulation.expires_at, "the extension must have been under way before the deadline"
            expire(circulation)
            raw.rollback()
        finally:
            raw.close()
        thread.join()
        return found

    def test_extension_that_gets_the_lock_after_the_deadline_is_refused(self, stage: Stage) -> None:
        found = self._extension_held_up_past_the_deadline(stage)
        assert isinstance(found[0], NotAllowed)
        assert not Extension.objects.exists()

    def test_twin_clock_read_before_the_lock_extends_what_is_over(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, stamps = running.lock_circulation, []

        def clock_first(ref: str) -> Circulation:
            stamps.append(clock())
            return real(ref)

        monkeypatch.setattr(running, "lock_circulation", clock_first)
        monkeypatch.setattr(running, "clock", lambda: stamps[-1])
        found = self._extension_held_up_past_the_deadline(stage)
        assert isinstance(found[0], Circulation)
        assert Extension.objects.count() == 1

    def test_two_co_chairs_at_once_decide_once(self, stage: Stage) -> None:
        from members.enums import Role

        circulation = waiting(stage)
        second = stage.person("second.chair", Role.CO_CHAIR, stage.states[2])
        made = [
            in_thread(
                lambda person=person: services.confirm_circulation(
                    circulation.ref, note="", actor=person, key=uuid.uuid4()
                )
            )
            for person in (stage.co_chair, second)
        ]
        for thread, _ in made:
            thread.join()
        results = [found[0] for _, found in made]
        assert sorted(type(one).__name__ for one in results) == ["Circulation", "NotAllowed"]
        assert Outcome.objects.count() == 1
