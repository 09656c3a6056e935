"""Deeds of a circulation: the row, its one entry in the register, exactly these notices; on refusal nothing at all."""

import datetime as dt
import json
import uuid

import pytest
from django.db.models import Max

from audit.models import AuditEntry
from endorsements import positions, services
from endorsements.enums import Act, PositionKind, State, Timing
from endorsements.models import Circulation, Eligible, Position, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import Plan, Reply
from members.clock import clock
from members.services import end_appointment
from notifications.models import Notice
from tests.factories.circulations import Stage, VersionFactory
from tests.factories.directory import BodyFactory

pytestmark = pytest.mark.django_db


def acts() -> list[str]:
    return list(RegisterEntry.objects.order_by("seq").values_list("act", flat=True))


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("address", flat=True))


def nothing_changed() -> tuple[int | None, ...]:
    return (
        RegisterEntry.objects.count(),
        Position.objects.count(),
        Notice.objects.count(),
        AuditEntry.objects.aggregate(last=Max("pk"))["last"],
        Circulation.objects.count(),
        Eligible.objects.count(),
    )


def test_prepare_circulation_copies_the_terms_and_tells_nobody(stage: Stage) -> None:
    circulation = stage.draft()
    assert circulation.state == State.DRAFT
    assert circulation.sentence == stage.procedure.sentence
    assert AuditEntry.objects.filter(action="circulation.prepared", subject_ref=circulation.ref).count() == 1
    assert not RegisterEntry.objects.exists()
    assert not Notice.objects.exists()


def test_prepare_circulation_twice_with_one_key_makes_one(stage: Stage) -> None:
    key, plan = uuid.uuid4(), stage.plan()
    first = services.prepare_circulation(plan, actor=stage.officer, key=key)
    assert services.prepare_circulation(plan, actor=stage.officer, key=key) == first
    assert Circulation.objects.count() == 1


@pytest.mark.parametrize(("seconds", "words"), [(-5, "passed already"), (0.2, "too soon")])
def test_prepare_circulation_refuses_a_deadline_too_early(stage: Stage, seconds: float, words: str) -> None:
    stage.procedure.min_seconds = 60
    before = nothing_changed()
    with pytest.raises(NotAllowed, match=words) as refused:
        services.prepare_circulation(stage.plan(seconds=seconds), actor=stage.officer, key=uuid.uuid4())
    assert refused.value.field == "day"
    assert nothing_changed() == before


def test_prepare_circulation_refuses_a_body_without_members(stage: Stage) -> None:
    empty = BodyFactory(name="Empty Group")
    plan = Plan(stage.version, empty, stage.procedure, clock() + dt.timedelta(hours=1))
    before = nothing_changed()
    with pytest.raises(NotAllowed, match="Empty Group has no participants") as refused:
        services.prepare_circulation(plan, actor=stage.officer, key=uuid.uuid4())
    assert refused.value.field == "body"
    assert nothing_changed() == before


def test_prepare_circulation_refuses_a_version_without_paragraphs(stage: Stage) -> None:
    stage.version = VersionFactory(document__body=stage.body, paragraphs=0)
    with pytest.raises(NotAllowed, match="no paragraphs"):
        stage.draft()


def test_prepare_circulation_refuses_a_version_under_way(stage: Stage) -> None:
    stage.draft()
    with pytest.raises(NotAllowed, match="in a circulation already"):
        stage.draft()


def test_ask_approval_tells_co_chairs_and_managers_but_not_the_drafter(stage: Stage) -> None:
    circulation = stage.asked()
    assert circulation.asked_at is not None
    assert told("circulation.approval") == {stage.manager.email, stage.co_chair.email}


def test_ask_approval_refuses_when_nobody_else_could_approve(stage: Stage) -> None:
    circulation = services.prepare_circulation(stage.plan(), actor=stage.manager, key=uuid.uuid4())
    end_appointment(stage.co_chair.appointments.get().pk, actor=None, reason="Moved")
    with pytest.raises(NotAllowed, match="No co-chair and no manager but the drafter"):
        services.ask_approval(circulation.ref, actor=stage.manager, key=uuid.uuid4())


def test_approve_circulation_opens_releases_tells_and_records(stage: Stage) -> None:
    circulation = stage.opened()
    assert circulation.state == State.OPEN
    stage.version.refresh_from_db()
    stage.version.document.refresh_from_db()
    assert stage.version.released_at == circulation.opened_at
    assert stage.version.document.state == "circulated"
    assert acts() == [Act.OPENED, Act.NOTICES]
    people = [stage.focal_point, stage.alternate, stage.reviewer, stage.other, stage.third, stage.org_person]
    assert told("circulation.opened") == {one.email for one in people} | {"ministry@aa.example"}
    assert set(circulation.eligible.filter(counts=True).values_list("participant__code", flat=True)) == {
        "AA",
        "BB",
        "CC",
    }
    assert circulation.eligible.get(counts=False).participant == stage.organisation
    facts = json.loads(RegisterEntry.objects.get(seq=1).content)["facts"]
    assert facts["eligible"] == ["AA", "BB", "CC"]
    assert json.loads(RegisterEntry.objects.get(seq=2).content)["facts"]["count"] == 7


def test_approve_circulation_twice_sends_once(stage: Stage) -> None:
    circulation, key = stage.asked(), uuid.uuid4()
    for _ in range(2):
        services.approve_circulation(
            circulation.ref, co_chair=stage.states[1], evidence="By letter.", actor=stage.manager, key=key
        )
    assert acts() == [Act.OPENED, Act.NOTICES]
    with pytest.raises(NotAllowed, match="opened already"):
        services.approve_circulation(
            circulation.ref, co_chair=stage.states[1], evidence="By letter.", actor=stage.manager, key=uuid.uuid4()
        )
    assert acts() == [Act.OPENED, Act.NOTICES]


def test_approve_circulation_refuses_its_drafter(stage: Stage) -> None:
    second = stage.person("manager2", services.approval.Role.MANAGER)
    circulation = services.prepare_circulation(stage.plan(), actor=second, key=uuid.uuid4())
    services.ask_approval(circulation.ref, actor=second, key=uuid.uuid4())
    before = nothing_changed()
    with pytest.raises(NotAllowed, match="You prepared this"):
        services.approve_circulation(
            circulation.ref, co_chair=stage.states[1], evidence="By letter.", actor=second, key=uuid.uuid4()
        )
    assert nothing_changed() == before


@pytest.mark.parametrize(("evidence", "co_chair", "field"), [("  ", 1, "evidence"), ("By letter.", 0, "co_chair")])
def test_approve_circulation_wants_the_co_chairs_word(stage: Stage, evidence: str, co_chair: int, field: str) -> None:
    circulation = stage.asked()
    before = nothing_changed()
    with pytest.raises(NotAllowed) as refused:
        services.approve_circulation(
            circulation.ref, co_chair=stage.states[co_chair], evidence=evidence, actor=stage.manager, key=uuid.uuid4()
        )
    assert refused.value.field == field
    assert nothing_changed() == before


def test_approve_circulation_refuses_when_approval_was_not_asked(stage: Stage) -> None:
    circulation = stage.draft()
    with pytest.raises(NotAllowed, match="not asked yet"):
        services.approve_circulation(
            circulation.ref, co_chair=stage.states[1], evidence="By letter.", actor=stage.manager, key=uuid.uuid4()
        )


def test_approve_circulation_checks_the_minimum_period_again(stage: Stage) -> None:
    circulation = stage.asked()
    Circulation.objects.filter(pk=circulation.pk).update(min_seconds=7200)
    before = nothing_changed()
    with pytest.raises(NotAllowed, match="too soon"):
        services.approve_circulation(
            circulation.ref, co_chair=stage.states[1], evidence="By letter.", actor=stage.manager, key=uuid.uuid4()
        )
    assert nothing_changed() == before


def test_change_circulation_takes_the_question_for_approval_back(stage: Stage) -> None:
    circulation = stage.asked()
    services.change_circulation(
        circulation.ref, stage.plan(paragraph="Thank you."), actor=stage.officer, key=uuid.uuid4()
    )
    circulation.refresh_from_db()
    assert (circulation.asked_at, circulation.paragraph) == (None, "Thank you.")


def test_record_position_writes_a_row_an_entry_and_receipts(stage: Stage) -> None:
    circulation = stage.opened()
    position = stage.reply(circulation, PositionKind.ENDORSE)
    assert acts() == [Act.OPENED, Act.NOTICES, Act.POSITION]
    assert position.register_entry.seq == 3
    assert told("position.recorded") == {stage.focal_point.email, stage.alternate.email}
    circulation.refresh_from_db()
    assert circulation.state == State.OPEN


def test_record_position_keeps_the_words_out_of_the_register(stage: Stage) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.ENDORSE_WITH_PROPOSALS, text="A secret proposal.")
    content = RegisterEntry.objects.latest("seq").content
    assert "secret" not in content
    assert stage.focal_point.email not in content


def test_record_position_again_is_a_new_row_and_the_last_counts(stage: Stage) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.MORE_TIME)
    stage.reply(circulation, PositionKind.ENDORSE, by=stage.alternate)
    assert list(Position.objects.order_by("pk").values_list("kind", flat=True)) == ["more_time", "endorse"]
    assert told("position.time_requested") == {stage.officer.email}


def test_record_position_twice_with_one_key_is_one(stage: Stage) -> None:
    circulation, key = stage.opened(), uuid.uuid4()
    first = stage.reply(circulation, PositionKind.ENDORSE, key=key)
    assert stage.reply(circulation, PositionKind.ENDORSE, key=key) == first
    assert Position.objects.count() == 1


def test_objection_breaks_silence_at_once_and_everyone_is_told(stage: Stage) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.OBJECTION)
    circulation.refresh_from_db()
    assert circulation.state == State.BROKEN
    assert acts() == [Act.OPENED, Act.NOTICES, Act.POSITION, Act.ENDED, Act.NOTICES]
    assert told("circulation.ended") == told("circulation.opened")
    assert circulation.tally == {"objected": 1, "no_reply": 2, "not_eligible": 1}
    late = stage.reply(circulation, PositionKind.ENDORSE, by=stage.other, of=stage.states[1])
    assert (late.timing, len(positions.standing(circulation))) == (Timing.LATE, 1)


def test_objection_is_judged_at_the_deadline_where_the_terms_say_so(stage: Stage) -> None:
    stage.terms = {"stops_at_once": False}
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.OBJECTION)
    circulation.refresh_from_db()
    assert circulation.state == State.OPEN


def test_threshold_of_two_needs_two_objections(stage: Stage) -> None:
    stage.terms = {"objections_that_stop": 2}
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.OBJECTION)
    circulation.refresh_from_db()
    assert circulation.state == State.OPEN
    stage.reply(circulation, PositionKind.OBJECTION, by=stage.other, of=stage.states[1])
    circulation.refresh_from_db()
    assert circulation.state == State.BROKEN


@pytest.mark.parametrize("who", ["reviewer", "observer", "stranger", "officer", "other"])
def test_record_position_refuses_who_does_not_speak_for_the_participant(stage: Stage, who: str) -> None:
    circulation = stage.opened()
    before = nothing_changed()
    with pytest.raises(NotAllowed, match="You do not speak for Aland"):
        stage.reply(circulation, PositionKind.ENDORSE, by=getattr(stage, who))
    assert nothing_changed() == before


def test_record_position_refuses_after_the_appointment_ended(stage: Stage) -> None:

    circulation = stage.opened()
    end_appointment(stage.focal_point.appointments.get().pk, actor=stage.officer, reason="Moved")
    before = nothing_changed()
    with pytest.raises(NotAllowed, match="has ended"):
        stage.reply(circulation, PositionKind.ENDORSE)
    assert nothing_changed() == before


def test_record_position_refuses_a_member_organisation(stage: Stage) -> None:
    circulation = stage.opened()
    with pytest.raises(NotAllowed, match="does not reply"):
        stage.reply(circulation, PositionKind.ENDORSE, by=stage.org_person, of=stage.organisation)


@pytest.mark.parametrize(
    ("reply", "field"),
    [(Reply(PositionKind.OBJECTION), "reason"), (Reply(PositionKind.ENDORSE_WITH_PROPOSALS), "proposals")],
)
def test_record_position_wants_words_where_they_belong(stage: Stage, reply: Reply, field: str) -> None:
    circulation = stage.opened()
    before = nothing_changed()
    with pytest.raises(NotAllowed) as refused:
        services.record_position(
            circulation.ref, reply, participant=stage.states[0], actor=stage.focal_point, key=uuid.uuid4()
        )
    assert refused.value.field == field
    assert nothing_changed() == before


def test_record_position_refuses_before_it_is_open(stage: Stage) -> None:
    circulation = stage.draft()
    with pytest.raises(NotAllowed, match="not open yet"):
        stage.reply(circulation, PositionKind.ENDORSE)
