"""A wrong name of a time zone: refused at its field wherever it is typed; in the table it stands in nobody's way."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from endorsements.models import Circulation
from endorsements.services import reminding
from meetings.models import Meeting
from members.access import forum, reader_of
from members.models import Forum, Participant, User, ZoneField, validate_zone
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_reminders import reminded, running, zone_where_it_is
from tests.factories.circulations import Stage
from tests.factories.directory import ForumFactory, ParticipantFactory
from tests.factories.meetings import MeetingFactory
from tests.members.test_admin_bad_input import errors_of, save

pytestmark = pytest.mark.django_db
WRONG = "Mars/Base"
SENTENCE = "“Mars/Base” is not a time zone; write its IANA name, as Asia/Colombo."


@pytest.mark.parametrize("name", ["Asia/Colombo", "UTC", "Etc/GMT-14", "America/Argentina/Buenos_Aires"])
def test_zone_is_one(name: str) -> None:
    validate_zone(name)


@pytest.mark.parametrize("name", [WRONG, "asia/colombo", "Asia", "../Asia/Colombo", "UTC+7", " Asia/Colombo", "\x00"])
def test_zone_is_none(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_zone(name)


def test_each_zone_of_a_model_has_the_validator() -> None:
    for model in (User, Participant, Forum, Meeting):
        field = model._meta.get_field("time_zone")
        assert isinstance(field, ZoneField)
        assert field.deconstruct()[1] == "django.db.models.CharField"
    assert isinstance(Participant._meta.get_field("other_time_zones").base_field, ZoneField)


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@rso.example", "long enough secret"))
    return client


@pytest.mark.parametrize("make", [ForumFactory, ParticipantFactory])
def test_admin_is_told_at_the_field(admin: Client, make: Any) -> None:
    thing = make.create()
    ForumFactory.create()
    response = save(admin, thing, time_zone=WRONG)
    assert errors_of(response)["time_zone"] == [SENTENCE]
    assert f'value="{WRONG}"' in response.content.decode(), "what was typed stays"


def test_admin_is_told_of_a_person_and_of_other_zones(admin: Client) -> None:
    ForumFactory.create()
    person = User.objects.create_user("someone@rso.example")
    assert errors_of(save(admin, person, time_zone=WRONG))["time_zone"] == [SENTENCE]
    other = errors_of(save(admin, ParticipantFactory.create(), other_time_zones=f"Asia/Jayapura,{WRONG}"))
    assert other["other_time_zones"] == [SENTENCE]


def test_a_meeting_is_not_clean_with_it() -> None:
    with pytest.raises(ValidationError) as refused:
        MeetingFactory.build(time_zone=WRONG).clean_fields()
    assert refused.value.message_dict["time_zone"] == [SENTENCE]


def test_a_person_is_told_at_the_field_of_the_profile(client: Client) -> None:
    stage = Stage()
    client.force_login(stage.focal_point)
    data = {"name": "Name", "time_zone": WRONG, "language": "", "key": str(uuid.uuid4())}
    page = client.post("/accounts/", data).content.decode()
    assert "“Mars/Base” is not a time zone. Choose one from the list." in page


def test_a_zone_that_names_no_place_stays_in_the_profile(client: Client) -> None:
    stage = Stage()
    User.objects.filter(pk=stage.focal_point.pk).update(time_zone="Etc/GMT-7")
    client.force_login(stage.focal_point)
    assert '<option value="Etc/GMT-7" selected' in client.get("/accounts/").content.decode()


def break_zones() -> None:
    """What a release without the check may have left in the tables."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_participant SET time_zone = %s, other_time_zones = ARRAY[%s]", [WRONG, WRONG])
        cursor.execute("UPDATE members_user SET time_zone = %s", [WRONG])


def test_a_wrong_zone_in_the_table_counts_as_the_forums(client: Client) -> None:
    stage = Stage()
    break_zones()
    assert reader_of(User.objects.get(pk=stage.focal_point.pk)).zone == ""
    opened = stage.opened()
    text = Notice.objects.filter(kind=Kind.CIRCULATION_OPENED.value, address="focal.aa@members.example").get().body
    assert "your time" not in text
    assert forum().secretariat_place in text
    client.force_login(stage.officer)
    for page in (opened.get_absolute_url(), f"/members/{stage.states[0].slug}/", "/members/"):
        assert client.get(page).status_code == 200


def test_reminders_go_by_the_forums_hours_where_the_zone_is_wrong() -> None:
    stage = Stage()
    circulation = running(stage)
    Forum.objects.update(time_zone=zone_where_it_is(12))
    break_zones()
    assert reminding.remind_circulation(circulation.ref)
    assert "focal.aa@members.example" in reminded()
    assert Circulation.objects.get(pk=circulation.pk).remind_at
