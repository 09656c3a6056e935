"""Received before the deadline and recorded after, or contested: it waits, and a co-chair ends it, in each mode."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.db import connection

from decisions.enums import Standing
from decisions.models import Outcome
from endorsements import positions, services
from endorsements.chain import digest
from endorsements.enums import Act, Means, PositionKind, Remark, State, Timing, WaitReason
from endorsements.models import ChairRemark, Circulation, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import Reply, Source
from members.clock import clock
from members.models import User
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.late_steps import NOTE, K, confirm, contest, counts, over, set_aside, told
from tests.endorsements.test_closing import accept_all
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db


class TestRecordedAfter:
    """Received before the deadline, recorded after: it waits, from wherever it stands."""

    def test_over_and_not_counted_yet_it_waits_and_the_closing_changes_nothing(self, stage: Stage) -> None:
        circulation = over(stage.opened(), close=False)
        made = stage.letter(circulation)
        circulation.refresh_from_db()
        assert made.timing == Timing.RECORDED_AFTER
        assert (circulation.state, circulation.waits_for) == (State.WAITING, [WaitReason.RECORDED_AFTER])
        assert services.close_circulation(circulation.ref) is False
        waiting = json.loads(RegisterEntry.objects.get(act=Act.WAITING).content)["facts"]
        assert waiting["waits_for"] == ["recorded_after"]
        everyone = set(Notice.objects.filter(kind=Kind.CIRCULATION_OPENED.value).values_list("address", flat=True))
        assert told(Kind.CIRCULATION_ENDED) == everyone

    def test_from_an_endorsement_the_number_stays_reserved(self, stage: Stage) -> None:
        circulation = over(stage.opened())
        number = circulation.outcome.number
        stage.letter(circulation)
        circulation.refresh_from_db()
        outcome = Outcome.objects.get()
        assert (circulation.state, circulation.outcome) == (State.WAITING, outcome)
        assert (outcome.number, outcome.standing) == (number, Standing.UNDER_REVIEW)
        stage.version.document.refresh_from_db()
        assert stage.version.document.state == "circulated"

    def test_confirmed_the_same_number_stands(self, stage: Stage) -> None:
        circulation = over(stage.opened())
        number = circulation.outcome.number
        letter = stage.letter(circulation)
        after = confirm(stage, circulation)
        assert (after.state, after.outcome.number, after.waits_for) == (State.ENDORSED, number, [])
        assert Outcome.objects.get().standing == Standing.STANDS
        assert ChairRemark.objects.get(position=letter).remark == Remark.LEFT_OUT
        assert after.tally == {"silent": 3, "not_eligible": 1}
        stage.version.document.refresh_from_db()
        assert stage.version.document.state == "endorsed"

    def test_set_aside_the_number_is_never_used_again(self, stage: Stage) -> None:
        circulation = over(stage.opened())
        number = circulation.outcome.number
        letter = stage.letter(circulation)
        after = set_aside(stage, circulation)
        assert (after.state, after.outcome, after.tally["objected"]) == (State.BROKEN, None, 1)
        assert Outcome.objects.get(number=number).standing == Standing.SET_ASIDE
        decided = json.loads(RegisterEntry.objects.get(act=Act.DECIDED).content)["facts"]
        assert (decided["exit"], decided["positions"]) == ("set_aside", [letter.register_entry.head])
        assert decided["note_sha256"] == digest(NOTE)
        stage.version.document.refresh_from_db()
        assert stage.version.document.state == "circulated"

    def test_set_aside_for_another_endorsement_issues_another_number(self, stage: Stage) -> None:
        circulation = over(stage.opened())
        stage.letter(circulation, K.ENDORSE_WITH_PROPOSALS)
        after = set_aside(stage, circulation)
        assert after.state == State.ENDORSED_WITH_PROPOSALS
        assert list(Outcome.objects.order_by("pk").values_list("standing", flat=True)) == ["set_aside", ""]
        first, second = Outcome.objects.order_by("pk")
        assert first.number.endswith("/1")
        assert second.number.endswith("/2")
        assert (after.outcome, first.ref == second.ref) == (second, False)

    def test_after_it_was_decided_another_letter_makes_it_wait_again(self, stage: Stage) -> None:
        circulation = over(stage.opened())
        stage.letter(circulation, K.NO_POSITION)
        set_aside(stage, circulation)
        stage.letter(circulation, of=stage.states[1])
        circulation.refresh_from_db()
        assert circulation.state == State.WAITING
        after = confirm(stage, circulation)
        assert (after.state, after.tally["no_position"], after.tally["silent"]) == (State.ENDORSED, 1, 2)

    def test_second_letter_while_it_waits_tells_the_co_chairs_alone(self, stage: Stage) -> None:
        circulation = over(stage.opened())
        stage.letter(circulation, K.NO_POSITION)
        before = Notice.objects.filter(kind=Kind.CIRCULATION_ENDED.value).count()
        stage.letter(circulation, of=stage.states[1])
        assert Notice.objects.filter(kind=Kind.CIRCULATION_ENDED.value).count() == before
        assert Notice.objects.filter(kind=Kind.CIRCULATION_DECISION.value).count() == 2
        assert set_aside(stage, circulation).state == State.BROKEN

    def test_older_than_what_the_participant_sent_itself_it_changes_nothing(self, stage: Stage) -> None:
        circulation = stage.opened()
        own = stage.reply(circulation, K.ENDORSE)
        over(circulation)
        stage.letter(circulation)
        circulation.refresh_from_db()
        assert (circulation.state, circulation.waits_for) == (State.ENDORSED, [])
        assert positions.standing(circulation) == {stage.states[0].pk: own}

    def test_unreached_and_letter_are_both_named(self, stage: Stage) -> None:
        circulation = stage.opened()
        accept_all(but="BB")
        Circulation.objects.filter(pk=circulation.pk).update(expires_at=clock())
        services.close_circulation(circulation.ref)
        stage.letter(circulation)
        circulation.refresh_from_db()
        assert circulation.waits_for == [WaitReason.UNREACHED, WaitReason.RECORDED_AFTER]
        mail = Notice.objects.filter(kind=Kind.CIRCULATION_ENDED.value).latest("pk")
        assert "may not have been reached, and a reply that came in time" in " ".join(mail.body.split())

    def test_only_unreached_there_is_nothing_to_set_aside(self, stage: Stage) -> None:
        circulation = stage.opened()
        accept_all(but="BB")
        Circulation.objects.filter(pk=circulation.pk).update(expires_at=clock())
        services.close_circulation(circulation.ref)
        with pytest.raises(NotAllowed, match="No reply is in doubt"):
            set_aside(stage, circulation)

    def test_once_the_document_is_before_members_again_it_is_late(self, stage: Stage) -> None:
        circulation = stage.opened()
        at = circulation.opened_at
        stage.reply(circulation, K.OBJECTION, by=stage.other, of=stage.states[1])
        again = stage.opened()
        made = stage.letter(circulation, received_at=at)
        circulation.refresh_from_db()
        again.refresh_from_db()
        assert (made.timing, circulation.state, again.state) == (Timing.LATE, State.BROKEN, State.OPEN)

    def test_new_clock_leaves_it_withdrawn_and_the_number_set_aside(self, stage: Stage) -> None:
        stage.terms = {"min_seconds": 0}
        circulation = over(stage.opened())
        stage.letter(circulation)
        services.open_again(
            circulation.ref, clock() + dt.timedelta(hours=1), note=NOTE, actor=stage.co_chair, key=uuid.uuid4()
        )
        circulation.refresh_from_db()
        assert (circulation.state, circulation.outcome) == (State.WITHDRAWN, None)
        assert Outcome.objects.get().standing == Standing.SET_ASIDE

    @pytest.mark.parametrize("who", ["officer", "manager", "focal_point", "admin"])
    def test_only_a_co_chair_sets_aside_and_says_why(self, stage: Stage, who: str) -> None:
        circulation = over(stage.opened())
        stage.letter(circulation)
        before = counts()
        with pytest.raises(NotAllowed, match="not a co-chair"):
            set_aside(stage, circulation, actor=getattr(stage, who))
        with pytest.raises(NotAllowed, match="Write the reason"):
            set_aside(stage, circulation, note=" ")
        assert counts() == before

    def test_same_submission_twice_sets_aside_once(self, stage: Stage) -> None:
        circulation, key = over(stage.opened()), uuid.uuid4()
        stage.letter(circulation)
        set_aside(stage, circulation, key=key)
        before = counts()
        set_aside(stage, circulation, key=key)
        assert counts() == before
        with pytest.raises(NotAllowed, match="does not wait"):
            set_aside(stage, circulation)


EXPLICIT = {"mode": "explicit"}
ENOUGH = EXPLICIT | {"quorum": 2}
CASES = [
    ({}, (None, None, None), K.OBJECTION, State.ENDORSED, State.BROKEN),
    ({}, (None, K.ENDORSE_WITH_PROPOSALS, None), K.OBJECTION, State.ENDORSED_WITH_PROPOSALS, State.BROKEN),
    ({}, (None, None, None), K.ENDORSE_WITH_PROPOSALS, State.ENDORSED, State.ENDORSED_WITH_PROPOSALS),
    ({}, (None, None, None), K.ENDORSE, State.ENDORSED, State.ENDORSED),
    ({"proposals_stop": True}, (None, None, None), K.ENDORSE_WITH_PROPOSALS, State.ENDORSED, State.BROKEN),
    ({"objections_that_stop": 2}, (None, None, None), K.OBJECTION, State.ENDORSED, State.ENDORSED),
    ({"objections_that_stop": 2}, (None, K.OBJECTION, None), K.OBJECTION, State.ENDORSED, State.BROKEN),
    ({"stops_at_once": False}, (None, K.OBJECTION, None), K.ENDORSE, State.BROKEN, State.BROKEN),
    (EXPLICIT, (None, K.ENDORSE, K.ENDORSE), K.ENDORSE, State.LAPSED, State.ENDORSED),
    (EXPLICIT, (None, K.ENDORSE, K.ENDORSE), K.OBJECTION, State.LAPSED, State.NOT_ENDORSED),
    (EXPLICIT, (None, K.ENDORSE, K.ENDORSE), K.NO_POSITION, State.LAPSED, State.ENDORSED_BY_ANSWERS),
    (ENOUGH, (None, K.ENDORSE, K.ENDORSE), K.OBJECTION, State.ENDORSED_BY_ANSWERS, State.NOT_ENDORSED),
    (EXPLICIT, (K.ENDORSE, K.ENDORSE, K.ENDORSE), K.OBJECTION, State.ENDORSED, State.NOT_ENDORSED),
]
"""Terms, own replies of AA BB CC, the letter of AA, the ending when confirmed, the ending when set aside."""


@pytest.mark.parametrize("way_out", ["confirm", "set aside"])
@pytest.mark.parametrize(("terms", "own", "letter", "confirmed", "aside"), CASES)
def test_exits_in_each_mode(
    stage: Stage,
    terms: dict[str, Any],
    own: tuple[PositionKind | None, ...],
    letter: PositionKind,
    confirmed: State,
    aside: State,
    way_out: str,
) -> None:
    stage.terms = terms
    circulation = stage.opened()
    people: list[User] = [stage.focal_point, stage.other, stage.third]
    for kind, person, state in zip(own, people, stage.states, strict=True):
        if kind:
            stage.reply(circulation, kind, by=person, of=state)
    received = clock()
    over(circulation)
    assert circulation.state == confirmed
    stage.letter(circulation, letter, received_at=received)
    circulation.refresh_from_db()
    assert circulation.state == State.WAITING
    after = confirm(stage, circulation) if way_out == "confirm" else set_aside(stage, circulation)
    assert after.state == (confirmed if way_out == "confirm" else aside)


def test_comments_are_kept_and_nothing_waits(stage: Stage) -> None:
    stage.terms = {"mode": "comment"}
    circulation = over(stage.opened())
    services.record_otherwise(
        circulation.ref,
        Reply(K.COMMENT, "Paragraph 1 is fine."),
        Source(Means.LETTER, circulation.opened_at, "Letter of today."),
        participant=stage.states[0],
        actor=stage.officer,
        key=uuid.uuid4(),
    )
    circulation.refresh_from_db()
    assert circulation.state == State.COMMENTS_CLOSED


@pytest.mark.parametrize(
    ("letter", "ending"), [(K.OBJECTION, State.NOT_ENDORSED), (K.ENDORSE, State.ENDORSED), (K.NO_POSITION, None)]
)
def test_explicit_ending_that_rests_on_a_contested_letter_waits(
    stage: Stage, letter: PositionKind, ending: State | None
) -> None:
    stage.terms = {"mode": "explicit", "quorum": 2}
    circulation = stage.opened()
    for person, state in ((stage.other, stage.states[1]), (stage.third, stage.states[2])):
        stage.reply(circulation, K.ENDORSE, by=person, of=state)
    made = stage.letter(circulation, letter)
    over(circulation)
    contest(stage, made)
    circulation.refresh_from_db()
    if ending is None:
        assert circulation.state == State.ENDORSED_BY_ANSWERS
        return
    assert (circulation.state, circulation.waits_for) == (State.WAITING, [WaitReason.CONTESTED])
    assert confirm(stage, circulation).state == State.ENDORSED_BY_ANSWERS


def test_constraint_of_the_evidence(stage: Stage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'position_evidence'")
        assert "received_at <= recorded_at" in cursor.fetchone()[0]
