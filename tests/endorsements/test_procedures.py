"""Procedures of other forums as data, each from its opening to its ending on the real services.

"All but one" is a threshold of two, as in forums where one may not hold up the others.
"""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from endorsements import calendar, positions, services
from endorsements.enums import SUCCESSFUL, Act, Mode, PositionKind, Share, State, Timing
from endorsements.models import Circulation
from endorsements.procedures import facts
from endorsements.rules import NotAllowed
from endorsements.services import Reply
from endorsements.words import next_sentence
from members.clock import clock
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_closing import accept_all
from tests.factories.circulations import ProcedureFactory, Stage

pytestmark = pytest.mark.django_db
YES, WITH, TIME, NO, NONE = (
    PositionKind.ENDORSE,
    PositionKind.ENDORSE_WITH_PROPOSALS,
    PositionKind.MORE_TIME,
    PositionKind.OBJECTION,
    PositionKind.NO_POSITION,
)
SAID, NOTHING = PositionKind.COMMENT, PositionKind.NO_COMMENTS

BALI: dict[str, Any] = {}
ONE: dict[str, Any] = {"objections_that_stop": 1, "stops_at_once": True, "min_seconds": 72 * 3600}
"""NATO style: one objection, at once."""
AMENDMENT: dict[str, Any] = {"proposals_stop": True, "stops_at_once": False}
"""OSCE style: a proposed amendment stops the draft too."""
FOUR: dict[str, Any] = {"objections_that_stop": 4, "stops_at_once": False}
"""Global Fund style: four objections."""
ALL_BUT_ONE: dict[str, Any] = {"objections_that_stop": 2, "stops_at_once": False}
EXPLICIT: dict[str, Any] = {"mode": "explicit", "stops_at_once": False}
QUORUM: dict[str, Any] = {**EXPLICIT, "quorum": 2}
EARLY: dict[str, Any] = {"closes_early": True}
COMMENT: dict[str, Any] = {"mode": "comment", "stops_at_once": False, "counts_organisations": True}


def say(stage: Stage, circulation: Circulation, said: str, kind: PositionKind) -> None:
    """`said`: the code of a member."""
    people = {"AA": stage.focal_point, "BB": stage.other, "CC": stage.third, "ORG": stage.org_person}
    participants = {one.code: one for one in [*stage.states, stage.organisation]}
    text = "Paragraph 2 is too long." if kind in {NO, WITH, SAID} else ""
    services.record_position(
        circulation.ref, Reply(kind, text), participant=participants[said], actor=people[said], key=uuid.uuid4()
    )


def bring_deadline(circulation: Circulation) -> None:
    """The database's clock cannot be turned: the deadline comes to it."""
    Circulation.objects.filter(pk=circulation.pk).update(expires_at=clock())


def run(stage: Stage, terms: dict[str, Any], said: list[PositionKind], *, lost: str = "") -> Circulation:
    """Open under `terms`, let AA, BB, CC (and ORG) say what they say, and let the deadline pass. `lost`: the member at
    which nothing arrives."""
    stage.terms = {"min_seconds": 1, **terms}
    circulation = stage.opened(seconds=73 * 3600)
    accept_all(but=lost)
    for code, kind in zip(["AA", "BB", "CC", "ORG"], said, strict=False):
        say(stage, circulation, code, kind)
    circulation.refresh_from_db()
    if circulation.state == State.OPEN:
        bring_deadline(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
    return circulation


@pytest.mark.parametrize(
    ("terms", "said", "state"),
    [
        (BALI, [], State.ENDORSED),
        (BALI, [YES, WITH], State.ENDORSED_WITH_PROPOSALS),
        (BALI, [YES, NO], State.BROKEN),
        (BALI, [TIME, TIME, TIME], State.ENDORSED),
        (ONE, [YES, YES], State.ENDORSED),
        (ONE, [NO], State.BROKEN),
        (AMENDMENT, [YES, YES], State.ENDORSED),
        (AMENDMENT, [YES, WITH], State.BROKEN),
        ({**AMENDMENT, "stops_at_once": True}, [WITH], State.BROKEN),
        (FOUR, [NO, NO, NO], State.ENDORSED),
        ({**FOUR, "counts_organisations": True}, [NO, NO, NO, NO], State.BROKEN),
        (ALL_BUT_ONE, [NO], State.ENDORSED),
        (ALL_BUT_ONE, [NO, YES, NO], State.BROKEN),
        (EXPLICIT, [YES, YES, YES], State.ENDORSED),
        (EXPLICIT, [YES, WITH, YES], State.ENDORSED_WITH_PROPOSALS),
        (EXPLICIT, [YES, YES, NONE], State.ENDORSED_BY_ANSWERS),
        (EXPLICIT, [YES, YES, NO], State.NOT_ENDORSED),
        (EXPLICIT, [YES, YES], State.LAPSED),
        (EXPLICIT, [NONE, NONE, NONE], State.LAPSED),
        ({**EXPLICIT, "stops_at_once": True}, [NO], State.NOT_ENDORSED),
        (QUORUM, [YES, NONE], State.ENDORSED_BY_ANSWERS),
        (QUORUM, [YES, TIME], State.LAPSED),
        ({**QUORUM, "proposals_stop": True}, [YES, WITH], State.NOT_ENDORSED),
        (COMMENT, [], State.COMMENTS_CLOSED),
        (COMMENT, [SAID, NOTHING, TIME, SAID], State.COMMENTS_CLOSED),
    ],
)
def test_from_the_opening_to_the_ending(
    stage: Stage, terms: dict[str, Any], said: list[PositionKind], state: State
) -> None:
    circulation = run(stage, terms, said)
    assert circulation.state == state
    assert bool(circulation.outcome) is (state in SUCCESSFUL)
    assert sum(circulation.tally.values()) == 4
    told = Notice.objects.filter(kind=Kind.CIRCULATION_ENDED.value, address=stage.focal_point.email).get()
    assert next_sentence(circulation, clock()) in " ".join(told.body.split())
    if circulation.outcome:
        assert circulation.outcome.number in told.body
    if circulation.mode != Mode.SILENCE:
        mails = Notice.objects.filter(subject_ref=circulation.ref).values_list("subject", "body")
        assert not [subject for subject, body in mails if "silence" in f"{subject} {body}".lower()]
        assert circulation.outcome is None or "ilence" not in circulation.outcome.source_title


@pytest.mark.parametrize(
    ("terms", "said", "ending"),
    [
        (BALI, [YES], State.ENDORSED),
        (QUORUM, [YES, NONE], State.ENDORSED_BY_ANSWERS),
        (EXPLICIT, [YES], State.LAPSED),
    ],
)
def test_it_waits_for_who_was_not_reached(
    stage: Stage, terms: dict[str, Any], said: list[PositionKind], ending: State
) -> None:
    circulation = run(stage, terms, said, lost="CC")
    assert circulation.state == State.WAITING
    services.confirm_circulation(circulation.ref, note="", actor=stage.co_chair, key=uuid.uuid4())
    circulation.refresh_from_db()
    assert circulation.state == ending


@pytest.mark.parametrize(
    ("terms", "said", "state"),
    [
        (COMMENT, [SAID], State.COMMENTS_CLOSED),
        ({**QUORUM, "unreached_hold": False}, [YES, YES], State.ENDORSED_BY_ANSWERS),
        (EXPLICIT, [YES, NO], State.NOT_ENDORSED),
    ],
)
def test_it_does_not_wait(stage: Stage, terms: dict[str, Any], said: list[PositionKind], state: State) -> None:
    assert run(stage, terms, said, lost="CC").state == state


@pytest.mark.parametrize(
    ("terms", "said", "state"),
    [
        (EARLY, [YES, YES, NONE], State.ENDORSED),
        ({**EARLY, **ALL_BUT_ONE}, [NO, NO, YES], State.BROKEN),
        ({**EARLY, **EXPLICIT}, [YES, YES, YES], State.ENDORSED),
        ({**EARLY, **QUORUM}, [YES, YES, NONE], State.ENDORSED_BY_ANSWERS),
        ({**EARLY, **EXPLICIT}, [NONE, NONE, NONE], State.LAPSED),
        ({**EARLY, **COMMENT}, [SAID, NOTHING, NOTHING, SAID], State.COMMENTS_CLOSED),
    ],
)
def test_closes_with_the_last_answer(
    stage: Stage, terms: dict[str, Any], said: list[PositionKind], state: State
) -> None:
    stage.terms = {"min_seconds": 1, **terms}
    circulation = stage.opened()
    for number, (code, kind) in enumerate(zip(["AA", "BB", "CC", "ORG"], said, strict=False), 1):
        say(stage, circulation, code, kind)
        circulation.refresh_from_db()
        assert circulation.state == (state if number == len(said) else State.OPEN)
    assert circulation.ended_at is not None
    assert circulation.ended_at < circulation.expires_at
    assert next_sentence(circulation, clock()).startswith(("All ", "At least 2 members objected"))
    assert [one.act for one in circulation.register.order_by("-seq")[:3]] == [Act.NOTICES, Act.ENDED, Act.POSITION]
    last = Notice.objects.filter(kind=Kind.POSITION_RECORDED.value).order_by("pk").last()
    assert last is not None
    assert "It ends the circulation." in last.body
    tally = circulation.tally
    say(stage, circulation, "AA", said[0])  # kept, marked late, and changes nothing
    circulation.refresh_from_db()
    assert (circulation.state, circulation.tally) == (state, tally)
    assert circulation.positions.order_by("-pk").values_list("timing", flat=True)[0] == Timing.LATE


def test_who_asks_for_more_time_keeps_it_open(stage: Stage) -> None:
    stage.terms = dict(EARLY)
    circulation = stage.opened()
    for code, kind in [("AA", YES), ("BB", YES), ("CC", TIME)]:
        say(stage, circulation, code, kind)
    circulation.refresh_from_db()
    assert circulation.state == State.OPEN
    say(stage, circulation, "CC", YES)
    circulation.refresh_from_db()
    assert circulation.state == State.ENDORSED


@pytest.mark.parametrize(
    ("terms", "kind"), [(BALI, SAID), (EXPLICIT, NOTHING), (COMMENT, YES), (COMMENT, NO), (COMMENT, NONE)]
)
def test_a_reply_of_another_mode_is_refused(stage: Stage, terms: dict[str, Any], kind: PositionKind) -> None:
    stage.terms = dict(terms)
    circulation = stage.opened()
    with pytest.raises(NotAllowed, match="no reply to what is asked"):
        say(stage, circulation, "AA", kind)
    assert not circulation.positions.exists()


def test_a_quorum_that_cannot_be_met_is_refused_before(stage: Stage) -> None:
    stage.terms = {**QUORUM, "quorum": 4}
    with pytest.raises(NotAllowed, match="asks for 4 answers, and only 3 participants") as refused:
        stage.draft()
    assert refused.value.field == "procedure"
    stage.procedure.counts_organisations = True
    assert stage.draft().quorum == 4


def test_withdrawing_an_objection_is_a_reply(stage: Stage) -> None:
    """Where the objections are counted at the deadline, the latest word of each counts and the earlier one stays."""
    stage.terms = {"stops_at_once": False}
    circulation = stage.opened()
    accept_all()
    for kind in (NO, NONE):
        say(stage, circulation, "AA", kind)
    bring_deadline(circulation)
    services.close_circulation(circulation.ref)
    circulation.refresh_from_db()
    assert circulation.state == State.ENDORSED
    assert circulation.positions.count() == 2


def test_an_open_request_has_its_own_figure(stage: Stage) -> None:
    circulation = run(stage, BALI, [TIME, YES])
    assert positions.tally(positions.seats(circulation))[Share.MORE_TIME] == 1
    assert circulation.tally["more_time"] == 1


BANGKOK = ZoneInfo("Asia/Bangkok")
OPENED = dt.datetime(2026, 11, 24, 9, 0, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("terms", "earliest"),
    [
        ({"min_seconds": 72 * 3600}, dt.datetime(2026, 11, 27, 9, 0, tzinfo=BANGKOK)),
        # Ten working days; 7 December is a public holiday in Thailand (for the 5th, a Saturday), 10 December another.
        ({"min_working_days": 10}, dt.datetime(2026, 12, 9, 17, 0, tzinfo=BANGKOK)),
        ({"min_working_days": 12}, dt.datetime(2026, 12, 14, 17, 0, tzinfo=BANGKOK)),
    ],
)
def test_shortest_time(stage: Stage, terms: dict[str, Any], earliest: dt.datetime) -> None:
    stage.forum.holiday_country = "TH"
    procedure = ProcedureFactory.build(**{"min_seconds": None, **terms})
    assert calendar.earliest_deadline(procedure, stage.forum, OPENED) == earliest


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({}, {"What stops it": "1 objection, at once", "Not reached": "waits for a co-chair"}),
        (FOUR, {"What stops it": "4 objections, counted at the deadline", "Amendments": "do not stop it"}),
        (AMENDMENT, {"Amendments": "a proposed amendment stops it"}),
        (EXPLICIT, {"Endorsed": "if all endorse, or if all answer and nobody objects"}),
        (QUORUM, {"Endorsed": "if all endorse, or if at least 2 answer and nobody objects"}),
        ({**QUORUM, "quorum": 1}, {"Endorsed": "if all endorse, or if at least 1 answers and nobody objects"}),
        (EARLY, {"Closes early": "when all have answered"}),
        (COMMENT, {"Closes early": "no, at the deadline", "Organisations": "comment as States do"}),
        ({"may_extend": False}, {"Extension": "not possible"}),
        ({"longest_days": 30}, {"Extension": "possible, up to 30 days after the opening"}),
        ({"min_seconds": 72 * 3600}, {"Shortest time": "72 hours"}),
    ],
)
def test_a_procedure_in_words(terms: dict[str, Any], told: dict[str, str]) -> None:
    found = dict(facts(ProcedureFactory.build(**{"usual_hour": dt.time(17), **terms}), "Bangkok"))
    assert told.items() <= found.items()
    if terms.get("mode") == "comment":
        assert not {"What stops it", "Amendments", "Not reached", "Endorsed"} & set(found)
