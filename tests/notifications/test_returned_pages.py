"""The pages on mail that did not arrive: the list, what is offered, what each deed says."""

import datetime as dt
import re
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from members.models import OfficialAddress
from notifications.models import Notice, ToldOtherwise
from tests.factories.circulations import Stage
from tests.notifications.test_handling import returned, to_person

pytestmark = pytest.mark.django_db
LIST = "/outbox/not-arrived/"
DEEDS = ("resend", "readdress", "tell")


@pytest.fixture
def stage(db: None, client: Client) -> Stage:
    made = Stage()
    client.force_login(made.officer)
    return made


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def path(deed: str, row: Notice) -> str:
    return reverse(f"returned:notice-{deed}", args=[row.pk])


def test_not_arrived_lists_the_tasks_and_nothing_else(client: Client, stage: Stage) -> None:
    page = text(client.get(LIST))
    assert "Everything arrived, or somebody has seen to it." in page
    row = returned(stage)
    page = text(client.get(LIST))
    assert "1 message did not arrive." in page
    assert row.address in page
    assert "5.1.1 unknown" in page
    Notice.objects.filter(pk=row.pk).update(state="accepted")
    assert row.address not in text(client.get(LIST))


@pytest.mark.parametrize("count", [1, 3])
def test_not_arrived_queries_do_not_grow(
    client: Client, stage: Stage, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        returned(stage)
    with django_assert_num_queries(9):
        client.get(LIST)


def test_the_notice_offers_its_deeds_only_while_it_is_a_task(client: Client, stage: Stage) -> None:
    row = returned(stage)
    page = text(client.get(row.get_absolute_url()))
    for deed in DEEDS:
        assert f'href="{path(deed, row)}"' in page
        assert client.get(path(deed, row)).status_code == 200
    Notice.objects.filter(pk=row.pk).update(state="accepted")
    page = text(client.get(row.get_absolute_url()))
    for deed in DEEDS:
        assert path(deed, row) not in page
        assert client.get(path(deed, row)).status_code == 404


def test_of_a_circulation_the_call_is_recorded_on_its_own_page(client: Client, stage: Stage) -> None:
    row = returned(stage, subject_kind="circulation", subject_ref="k7", path="/circulations/k7/")
    Notice.objects.filter(pk=row.pk).update(kind="circulation.opened")
    page = text(client.get(row.get_absolute_url()))
    assert path("tell", row) not in page
    assert '<a class="btn btn-line" href="/circulations/k7/' in page


def test_try_again_from_the_page(client: Client, stage: Stage) -> None:
    row = returned(stage)
    empty = text(client.post(path("resend", row), {"key": str(uuid.uuid4())}))
    assert "Say in a sentence why it should arrive now." in empty
    assert "<title>Error: Try again" in empty
    done = client.post(path("resend", row), {"key": str(uuid.uuid4()), "reason": "They made room."}, follow=True)
    assert f"The message to {row.address} is sent again." in text(done)
    page = text(client.get(row.get_absolute_url()))
    assert "<strong>Tried again</strong>: They made room." in page
    assert 'It had come back with: <span class="sym text-break">5.1.1 unknown</span>' in page


def test_change_the_address_from_the_page(client: Client, stage: Stage) -> None:
    row = returned(stage)
    assert f"official address of {stage.states[0]}" in text(client.get(path("readdress", row)))
    bad = text(client.post(path("readdress", row), {"key": str(uuid.uuid4()), "address": row.address}))
    assert "This is the address at which it did not arrive." in bad
    data = {"key": str(uuid.uuid4()), "address": "new@ministry.example"}
    done = text(client.post(path("readdress", row), data, follow=True))
    assert "The address is now new@ministry.example. 1 message on the way there." in done
    assert OfficialAddress.objects.filter(email="new@ministry.example").count() == 1
    made = Notice.objects.get(address="new@ministry.example")
    assert f'href="{made.get_absolute_url()}">the message to the new address</a>' in text(
        client.get(row.get_absolute_url())
    )


def test_the_page_says_whose_address_it_is_and_when_it_is_nobodys(client: Client, stage: Stage) -> None:
    person = returned(stage, to_person(stage.focal_point))
    assert f"{stage.focal_point} signs in with this address." in text(client.get(path("readdress", person)))
    secret = returned(stage, to_person(stage.focal_point), is_secret=True)
    assert "It is not sent to another" in text(client.get(path("readdress", secret)))
    nobodys = returned(stage)
    stage.states[0].addresses.filter(email=nobodys.address).delete()
    page = text(client.get(path("readdress", nobodys)))
    assert "The directory does not hold this address" in page
    assert '<button class="btn btn-primary"' not in page


def test_told_by_phone_from_the_page(client: Client, stage: Stage) -> None:
    row = returned(stage)
    empty = text(client.post(path("tell", row), {"key": str(uuid.uuid4())}))
    assert "Name who was told." in empty
    assert "Time in Bangkok" in empty
    now = dt.datetime.now(ZoneInfo("Asia/Bangkok"))
    data = {
        "way": "phone",
        "day": f"{now:%Y-%m-%d}",
        "at": f"{now:%H:%M}",
        "note": "Mr Silva",
        "key": str(uuid.uuid4()),
    }
    assert "It is recorded as told." in text(client.post(path("tell", row), data, follow=True))
    told = ToldOtherwise.objects.get()
    assert told.told_at == now.replace(second=0, microsecond=0)


def test_the_desk_counts_what_did_not_arrive(client: Client, stage: Stage) -> None:
    assert "Every message arrived, or somebody has seen to it." in text(client.get("/"))
    for _ in range(7):
        row = returned(stage)
    page = text(client.get("/"))
    assert f'<a href="{LIST}">7 messages did not arrive</a>' in page
    assert page.count(row.address) == 5
    assert "What did not arrive (7)" in text(client.get("/outbox/"))
