"""What was edited in the portal and what was edited in the files meet at the next load, and neither is lost."""

import datetime as dt
from pathlib import Path

import pytest

from audit.models import AuditEntry
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting
from members.models import Alias, BodyChair, Participant, Standing
from tests.portal.forum_copy import ForumCopy, rows_in_database

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(tmp_path: Path) -> ForumCopy:
    copy = ForumCopy(tmp_path)
    copy.load()
    return copy


def test_load_keeps_what_was_edited_in_the_portal(copy: ForumCopy) -> None:
    Participant.objects.filter(code="TH").update(short_name="Siam")
    meeting = Meeting.objects.get(slug="ahg-som-14")
    meeting.co_chairs.clear()
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CLOSED.value)
    audited = AuditEntry.objects.count()
    assert "0 new, 0 changed" in copy.load()
    assert "2 kept as edited in the portal" in copy.load()
    assert Participant.objects.get(code="TH").short_name == "Siam"
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED.value
    assert meeting.co_chairs.count() == 0
    assert AuditEntry.objects.count() == audited


def test_load_follows_a_file_that_was_edited_and_leaves_other_columns_alone(copy: ForumCopy) -> None:
    Participant.objects.filter(code="TH").update(formal_name="Kingdom of Siam")
    copy.change("participants.yaml", "  city: Bangkok", "  city: Ayutthaya")
    assert "0 new, 1 changed" in copy.load()
    thailand = Participant.objects.get(code="TH")
    assert (thailand.city, thailand.formal_name) == ("Ayutthaya", "Kingdom of Siam")


def test_load_stops_where_both_were_edited_and_files_win_settles_it(copy: ForumCopy) -> None:
    Participant.objects.filter(code="TH").update(city="Chiang Mai")
    line = copy.change("participants.yaml", "- code: TH", "- code: TH # moved")
    copy.change("participants.yaml", "  city: Bangkok", "  city: Ayutthaya")
    before = rows_in_database()
    assert copy.problems() == [
        f"participants.yaml:{line}: “city” of this row was edited here and in the portal, where it is “Chiang Mai” "
        "now. Make both the same, or load with --files-win."
    ]
    assert Participant.objects.get(code="TH").city == "Chiang Mai"
    assert rows_in_database() == before
    assert "1 changed" in copy.load(files_win=True)
    assert Participant.objects.get(code="TH").city == "Ayutthaya"


def test_load_takes_the_same_edit_made_twice_as_settled(copy: ForumCopy) -> None:
    Participant.objects.filter(code="TH").update(city="Ayutthaya")
    copy.change("participants.yaml", "  city: Bangkok", "  city: Ayutthaya")
    assert "0 new, 0 changed" in copy.load()
    copy.change("participants.yaml", "  city: Ayutthaya", "  city: Bangkok")
    assert "0 new, 1 changed" in copy.load()


def test_load_leaves_out_what_was_taken_out_in_the_portal(copy: ForumCopy) -> None:
    Alias.objects.get(name="Vietnam").delete()
    Standing.objects.get(participant__code="AE", standing="observer").delete()
    Attendance.objects.filter(session__meeting__slug="ahg-som-14", participant__code="MV").delete()
    BodyChair.objects.filter(body__slug="teg-rr", participant__code="LK").delete()
    assert "0 new, 0 changed" in copy.load()
    assert not Alias.objects.filter(name="Vietnam").exists()
    assert Standing.objects.filter(participant__code="AE").count() == 1
    assert not BodyChair.objects.filter(body__slug="teg-rr", participant__code="LK").exists()
    assert "4 new" in copy.load(files_win=True)
    assert Alias.objects.filter(name="Vietnam").exists()


def test_load_after_an_admin_ended_a_standing_and_began_another(copy: ForumCopy) -> None:
    """The files still say "member, no end": the ended row is the portal's, and the new one overlaps with nothing."""
    bhutan = Participant.objects.get(code="BT")
    bhutan.standings.update(to_on=dt.date(2026, 11, 24))
    Standing.objects.create(participant=bhutan, standing="observer", from_on=dt.date(2026, 11, 25))
    assert "0 new, 0 changed" in copy.load()
    assert list(bhutan.standings.order_by("pk").values_list("standing", "to_on")) == [
        ("member", dt.date(2026, 11, 24)),
        ("observer", None),
    ]
