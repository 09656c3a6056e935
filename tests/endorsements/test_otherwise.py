"""Replies by letter, contested, late: what the services write, whom they tell, and how a co-chair ends it.

The deadline is brought to the database's clock, not the clock to the deadline.
"""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from endorsements import positions, services
from endorsements.chain import digest, in_utc
from endorsements.enums import Act, Means, State, Timing, WaitReason
from endorsements.models import ChairRemark, Contest, Position
from endorsements.rules import NotAllowed
from members.clock import clock
from members.services import end_appointment
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.late_steps import K, confirm, contest, counts, late_reply, note, over, set_aside, told
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db


class TestRecordedOtherwise:
    def test_row_entry_and_everyone_of_the_participant_told(self, stage: Stage) -> None:
        circulation = stage.opened()
        made = stage.letter(circulation, K.ENDORSE_WITH_PROPOSALS)
        assert (made.actor, made.on_behalf_of, made.appointment.user) == (stage.officer, stage.states[0], stage.officer)
        assert (made.means, made.timing) == (Means.NOTE_VERBALE, Timing.IN_TIME)
        assert made.received_at == circulation.opened_at
        assert made.received_at < made.recorded_at
        entry = json.loads(made.register_entry.content)
        assert (entry["act"], entry["participant"]) == (Act.POSITION, "AA")
        facts = entry["facts"]
        assert facts["received_at"] == in_utc(made.received_at)
        assert (facts["means"], facts["evidence_sha256"]) == ("note_verbale", digest(made.evidence))
        assert positions.standing(circulation) == {stage.states[0].pk: made}
        own = {"focal.aa", "alternate.aa", "reviewer.aa"}
        assert told(Kind.POSITION_OTHERWISE) == {"ministry@aa.example", *(f"{name}@members.example" for name in own)}
        mail = Notice.objects.filter(kind=Kind.POSITION_OTHERWISE.value, user=stage.focal_point).get()
        assert "recorded this reply in your name: Endorsed with proposals" in mail.body
        assert "If it is not right, say so on the page of the reply by:" in mail.body
        assert "Note verbale 12" not in mail.body
        assert not Notice.objects.filter(participant_code="AA", needs_answer=True, settled_at=None).exists()

    def test_objection_by_letter_breaks_silence_at_once(self, stage: Stage) -> None:
        circulation = stage.opened()
        stage.letter(circulation)
        circulation.refresh_from_db()
        assert (circulation.state, circulation.tally["objected"]) == (State.BROKEN, 1)

    def test_what_came_later_counts_whoever_wrote_it_down_when(self, stage: Stage) -> None:
        circulation = stage.opened()
        own = stage.reply(circulation, K.ENDORSE)
        older = stage.letter(circulation, K.NO_POSITION)
        assert positions.standing(circulation)[stage.states[0].pk] == own
        newer = stage.letter(circulation, K.NO_POSITION, received_at=clock())
        assert positions.standing(circulation)[stage.states[0].pk] == newer
        assert older.pk != newer.pk

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"received_at": dt.timedelta(days=-1)}, "was not open at this time"),
            ({"received_at": dt.timedelta(days=1)}, "has not come yet"),
            ({"evidence": "  "}, "Say which letter"),
            ({"of": "organisation"}, "does not reply"),
            ({"of": "observer_state"}, "does not reply"),
            ({"by": "focal_point"}, "post in the secretariat has ended"),
            ({"by": "co_chair"}, "post in the secretariat has ended"),
            ({"kind": K.COMMENT}, "no reply to what is asked"),
        ],
    )
    def test_refused_with_nothing_changed(self, stage: Stage, changes: dict[str, Any], words: str) -> None:
        circulation = stage.opened()
        wanted = {
            name: clock() + value
            if isinstance(value, dt.timedelta)
            else value
            if name in {"evidence", "kind"}
            else getattr(stage, value)
            for name, value in changes.items()
        }
        before = counts()
        with pytest.raises(NotAllowed, match=words):
            stage.letter(circulation, **wanted)
        assert counts() == before

    def test_draft_and_withdrawn_take_none(self, stage: Stage) -> None:
        circulation = stage.opened()
        at = circulation.opened_at
        services.withdraw_circulation(circulation.ref, reason="New text.", actor=stage.officer, key=uuid.uuid4())
        draft = stage.draft()
        before = counts()
        for one in (circulation, draft):
            with pytest.raises(NotAllowed):
                stage.letter(one, received_at=at)
            with pytest.raises(NotAllowed):
                stage.reply(one, K.ENDORSE)
        assert counts() == before

    def test_same_submission_twice_records_once(self, stage: Stage) -> None:
        circulation, key = stage.opened(), uuid.uuid4()
        first = stage.letter(circulation, K.ENDORSE, key=key)
        before = counts()
        assert stage.letter(circulation, K.ENDORSE, key=key) == first
        assert counts() == before

    def test_who_did_not_see_the_others_reply_is_told_who_and_when(self, stage: Stage) -> None:
        circulation = stage.opened()
        own = stage.reply(circulation, K.ENDORSE)
        before = counts()
        said = r"recorded a reply of Aland at \d\d:\d\d:\d\d in Bangkok: Endorsed\."
        with pytest.raises(NotAllowed, match=said) as no:
            stage.letter(circulation, received_at=clock(), seen=0)
        assert str(stage.focal_point) in str(no.value)
        assert counts() == before
        assert stage.letter(circulation, received_at=clock(), seen=own.pk).pk

    def test_database_keeps_means_and_evidence_together_and_refuses_changes(self, stage: Stage) -> None:
        circulation = stage.opened()
        made = stage.letter(circulation, K.ENDORSE)
        contest(stage, made)
        for model, change in ((Position, {"means": ""}), (Contest, {"reason": "Other"})):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                model._default_manager.update(**change)
        note(stage, late_reply(stage, circulation))
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ChairRemark.objects.update(note="Other")


class TestContest:
    def test_stops_counting_until_the_own_arrives(self, stage: Stage) -> None:
        circulation = stage.opened()
        letter = stage.letter(circulation, K.NO_POSITION)
        made = contest(stage, letter)
        assert positions.standing(circulation) == {}
        entry = json.loads(made.register_entry.content)
        assert (entry["act"], entry["participant"]) == ("position.contested", "AA")
        assert entry["facts"] == {"position": letter.register_entry.head, "reason_sha256": digest(made.reason)}
        staff = {"officer@members.example", "manager@members.example", "co.chair@members.example"}
        assert told(Kind.POSITION_CONTESTED) == {*staff, "focal.aa@members.example", "alternate.aa@members.example"}
        circulation.refresh_from_db()
        assert circulation.state == State.OPEN
        own = stage.reply(circulation, K.ENDORSE)
        assert positions.standing(circulation) == {stage.states[0].pk: own}

    def test_what_the_participant_said_itself_before_counts_again(self, stage: Stage) -> None:
        circulation = stage.opened()
        own = stage.reply(circulation, K.ENDORSE)
        contest(stage, stage.letter(circulation, K.NO_POSITION, received_at=clock()))
        assert positions.standing(circulation) == {stage.states[0].pk: own}

    def test_closing_and_tally_go_by_what_counts(self, stage: Stage) -> None:
        stage.terms = {"stops_at_once": False}
        circulation = stage.opened()
        contest(stage, stage.letter(circulation))
        over(circulation)
        assert (circulation.state, circulation.tally) == (State.ENDORSED, {"silent": 3, "not_eligible": 1})

    @pytest.mark.parametrize("who", ["reviewer", "other", "officer", "co_chair", "observer"])
    def test_only_who_speaks_for_the_participant(self, stage: Stage, who: str) -> None:
        letter = stage.letter(stage.opened(), K.ENDORSE)
        before = counts()
        with pytest.raises(NotAllowed, match="do not speak for"):
            contest(stage, letter, actor=getattr(stage, who))
        assert counts() == before

    def test_of_who_has_left_not(self, stage: Stage) -> None:
        letter = stage.letter(stage.opened(), K.ENDORSE)
        end_appointment(stage.focal_point.appointments.get().pk, actor=stage.officer, reason="Moved")
        with pytest.raises(NotAllowed, match="has ended"):
            contest(stage, letter)

    def test_own_reply_and_a_second_time_not(self, stage: Stage) -> None:
        circulation = stage.opened()
        with pytest.raises(NotAllowed, match="Send another reply instead"):
            contest(stage, stage.reply(circulation, K.ENDORSE))
        letter, key = stage.letter(circulation, K.ENDORSE), uuid.uuid4()
        first = contest(stage, letter, key=key)
        assert contest(stage, letter, key=key) == first
        with pytest.raises(NotAllowed, match="contested already"):
            contest(stage, letter, actor=stage.alternate)

    def test_break_at_once_that_rests_on_it_waits_and_members_keep_their_time(self, stage: Stage) -> None:
        circulation = stage.opened()
        letter = stage.letter(circulation)
        contest(stage, letter)
        circulation.refresh_from_db()
        assert (circulation.state, circulation.waits_for) == (State.WAITING, [WaitReason.CONTESTED])
        assert told(Kind.CIRCULATION_DECISION) == {"co.chair@members.example"}
        mail = Notice.objects.filter(kind=Kind.CIRCULATION_ENDED.value).latest("pk")
        assert "replies are taken until the deadline" in mail.body
        with pytest.raises(NotAllowed, match="deadline has not passed"):
            confirm(stage, circulation)
        other = stage.reply(circulation, K.ENDORSE, by=stage.other, of=stage.states[1])
        assert other.timing == Timing.IN_TIME
        over(circulation, close=False)
        after = confirm(stage, circulation)
        assert (after.state, after.tally) == (State.ENDORSED, {"endorsed": 1, "silent": 2, "not_eligible": 1})

    def test_own_objection_meanwhile_breaks_it_for_good(self, stage: Stage) -> None:
        circulation = stage.opened()
        contest(stage, stage.letter(circulation))
        stage.reply(circulation, K.OBJECTION)
        circulation.refresh_from_db()
        assert (circulation.state, circulation.waits_for) == (State.BROKEN, [])

    def test_break_that_rests_on_another_objection_too_stays(self, stage: Stage) -> None:
        stage.terms = {"stops_at_once": False}
        circulation = stage.opened()
        letter = stage.letter(circulation)
        stage.reply(circulation, K.OBJECTION, by=stage.other, of=stage.states[1])
        over(circulation)
        contest(stage, letter)
        circulation.refresh_from_db()
        assert circulation.state == State.BROKEN

    def test_once_decided_it_is_toolate_reply(self, stage: Stage) -> None:
        circulation = over(stage.opened())
        letter = stage.letter(circulation)
        set_aside(stage, circulation)
        with pytest.raises(NotAllowed, match="decided on this reply"):
            contest(stage, letter)


class TestLate:
    @pytest.mark.parametrize("by", ["itself", "letter"])
    def test_kept_marked_and_counts_for_nothing(self, stage: Stage, by: str) -> None:
        circulation = over(stage.opened())
        assert circulation.state == State.ENDORSED
        before = circulation.tally
        is_own = by == "itself"
        made = stage.reply(circulation, K.OBJECTION) if is_own else stage.letter(circulation, received_at=clock())
        circulation.refresh_from_db()
        assert (made.timing, circulation.state, circulation.tally) == (Timing.LATE, State.ENDORSED, before)
        assert json.loads(made.register_entry.content)["facts"]["timing"] == "late"
        assert positions.standing(circulation) == {}
        if by == "itself":
            assert told(Kind.POSITION_LATE) == {"officer@members.example", "co.chair@members.example"}
            mail = Notice.objects.get(kind=Kind.POSITION_RECORDED.value, user=stage.focal_point)
            assert mail.subject.startswith("Late reply of Aland kept")
            assert "may be changed" not in mail.body

    def test_stamped_at_the_instant_islate_reply(self, stage: Stage) -> None:
        circulation = stage.opened()
        made = late_reply(stage, circulation)
        assert made.timing == Timing.LATE
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED

    def test_withdrawal_of_an_objection_after_a_break_revives_nothing(self, stage: Stage) -> None:
        circulation = stage.opened()
        stage.reply(circulation, K.OBJECTION)
        withdrawn = stage.reply(circulation, K.ENDORSE)
        circulation.refresh_from_db()
        assert (withdrawn.timing, circulation.state) == (Timing.LATE, State.BROKEN)
        assert positions.standing(circulation)[stage.states[0].pk].kind == K.OBJECTION

    def test_co_chair_takes_note(self, stage: Stage) -> None:
        circulation = stage.opened()
        late, key = late_reply(stage, circulation), uuid.uuid4()
        made = note(stage, late, note="Heard.", key=key)
        assert note(stage, late, note="Heard.", key=key) == made
        entry = json.loads(made.register_entry.content)
        assert (entry["act"], entry["participant"]) == ("position.noted", "AA")
        assert told(Kind.POSITION_NOTED) == {"focal.aa@members.example", "alternate.aa@members.example"}
        assert "Heard." in Notice.objects.filter(kind=Kind.POSITION_NOTED.value)[0].body
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED
        with pytest.raises(NotAllowed, match="taken note of this reply already"):
            note(stage, late)

    @pytest.mark.parametrize("who", ["officer", "manager", "focal_point"])
    def test_nobody_else_does(self, stage: Stage, who: str) -> None:
        late = late_reply(stage, stage.opened())
        before = counts()
        with pytest.raises(NotAllowed, match="not a co-chair"):
            note(stage, late, actor=getattr(stage, who))
        assert counts() == before

    def test_of_what_was_in_time_not(self, stage: Stage) -> None:
        with pytest.raises(NotAllowed, match="did not come late"):
            note(stage, stage.reply(stage.opened(), K.ENDORSE))
