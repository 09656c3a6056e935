"""Django admin: reference data is found and edited, what has a state is only read, lists stay cheap."""

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from audit.admin import ReadOnlyAdmin
from decisions.models import Verb
from meetings.models import Meeting, Series
from members.models import Alias, Body, Participant, Standing, User
from tests.factories.directory import (
    AppointmentFactory,
    BodyFactory,
    ForumFactory,
    ParticipantFactory,
    StandingFactory,
    UserFactory,
)
from tests.factories.meetings import MeetingFactory, OutcomeFactory, attend, resolve
from tests.portal.forum_copy import load

pytestmark = pytest.mark.django_db
OURS = ("members", "meetings", "decisions")
MODELS = [model for model in admin.site._registry if model._meta.app_label in OURS]
READ_ONLY = ("appointment", "standing", "meeting", "attendance", "outcome")
FILLED = [*(model for model in MODELS if model._meta.model_name in READ_ONLY), Participant, Body, User, Series, Verb]
MOST_QUERIES = 14


@pytest.fixture
def client(client: Client) -> Client:
    ForumFactory.create()
    client.force_login(User.objects.create_superuser("root@rso.example", "long enough secret"))
    return client


def listed(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def fill(rows: int) -> None:
    for number in range(rows):
        participant = ParticipantFactory.create()
        StandingFactory.create(participant=participant)
        body = BodyFactory.create(parent=Body.objects.first())
        AppointmentFactory.create(user=UserFactory.create(), participant=participant, body=body)
        meeting = MeetingFactory.create(starts_on=dt.date(2020, 1, 1 + number))
        attend(meeting, participant.code)
        resolve(meeting)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_change_list_opens_with_as_many_queries_for_ten_rows_as_for_one(
    model: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for rows in (2, 8):
        fill(rows)
        with django_assert_max_num_queries(MOST_QUERIES) as queries:
            assert client.get(listed(model)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("model", FILLED, ids=lambda model: model._meta.model_name)
def test_search_and_page_of_each_model_open(model: Any, client: Client) -> None:
    fill(1)
    OutcomeFactory.create()
    assert client.get(listed(model), {"q": "co"}).status_code == 200
    first = model._default_manager.first()
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[first.pk])
    response = client.get(page)
    assert response.status_code == 200
    is_read_only = model._meta.model_name in READ_ONLY
    assert (b'name="_save"' in response.content) is not is_read_only


@pytest.mark.parametrize("name", READ_ONLY)
def test_what_has_a_state_cannot_be_added_changed_or_deleted(name: str, client: Client) -> None:
    fill(1)
    model = next(model for model in MODELS if model._meta.model_name == name)
    first = model._default_manager.first()  # type: ignore[attr-defined]
    base = f"admin:{model._meta.app_label}_{name}"
    assert client.get(reverse(f"{base}_add")).status_code == 403
    assert client.post(reverse(f"{base}_change", args=[first.pk]), {}).status_code == 403
    assert client.post(reverse(f"{base}_delete", args=[first.pk]), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=first.pk).exists()  # type: ignore[attr-defined]


def test_admin_finds_participants_standing_bodies_and_users(client: Client) -> None:
    load()
    found = client.get(listed(Participant), {"q": "vietnam"}).content.decode()
    assert "Viet Nam" in found
    assert "1 participant" in found
    members = client.get(listed(Participant), {"standing": "observer", "kind__exact": "state"}).content.decode()
    assert "18 participants" in members
    assert "5 participants" in client.get(listed(Participant), {"standing": "none"}).content.decode()
    assert "49 standings" in client.get(listed(Standing), {"standing__exact": "member"}).content.decode()
    assert "Ad Hoc Group" in client.get(listed(Body), {"q": "AHG"}).content.decode()
    assert "8 meetings" in client.get(listed(Meeting), {"q": "Ministerial Conference"}).content.decode()


def test_admin_edits_reference_data(client: Client) -> None:
    participant = ParticipantFactory.create(code="QX")
    page = reverse("admin:members_participant_change", args=[participant.pk])
    assert client.post(page, _participant(participant, "Nova Terra", [("New Terra", "")])).status_code == 302
    participant.refresh_from_db()
    assert participant.short_name == "Nova Terra"
    assert Alias.objects.get(participant=participant).folded == "new terra"


def test_admin_refuses_a_spelling_of_another_and_standing_that_overlaps(client: Client) -> None:
    other = ParticipantFactory.create(code="OT")
    Alias.objects.create(participant=other, name="Türkiye", folded="turkiye")
    participant = ParticipantFactory.create(code="QX")
    page = reverse("admin:members_participant_change", args=[participant.pk])
    refused = client.post(page, _participant(participant, "Nova", [("TURKIYE", "")]))
    assert "This spelling belongs to State OT already." in refused.content.decode()
    twice = {
        "standings-TOTAL_FORMS": "2",
        "standings-0-standing": "observer",
        "standings-0-mark": "A",
        "standings-0-to_on": "2013-04-01",
        "standings-1-standing": "member",
        "standings-1-mark": "A",
        "standings-1-from_on": "2013-04-01",
    }
    refused = client.post(page, _participant(participant, "Nova", []) | twice)
    assert "This overlaps with another row of the same participant" in refused.content.decode()
    assert not participant.standings.exists()


def _participant(participant: Participant, name: str, aliases: list[tuple[str, str]]) -> dict[str, str]:
    data = {
        "code": participant.code,
        "slug": participant.slug,
        "kind": participant.kind,
        "short_name": name,
        "sort_key": name.lower(),
        "mark": "A",
        "formal_mark": "A",
    }
    for prefix, total in (
        ("standings", 0),
        ("aliases", len(aliases)),
        ("addresses", 0),
        ("former_names", 0),
        ("merger", 0),
    ):
        data |= {f"{prefix}-TOTAL_FORMS": str(total), f"{prefix}-INITIAL_FORMS": "0"}
    for number, (alias, _) in enumerate(aliases):
        data[f"aliases-{number}-name"] = alias
    return data


def test_admin_user_page_shows_no_raw_password_and_adds_by_address(client: Client) -> None:
    user = UserFactory.create(email="person@members.example")
    AppointmentFactory.create(user=user, participant=ParticipantFactory.create())
    page = client.get(reverse("admin:members_user_change", args=[user.pk])).content.decode()
    assert user.password not in page
    assert 'name="password"' not in page
    assert "Focal point" in page
    add = reverse("admin:members_user_add")
    data = {"email": "New@Members.Example", "name": "New", "usable_password": "false"}
    assert client.post(add, data).status_code == 302
    assert not User.objects.get(email="new@members.example").has_usable_password()
    again = client.post(add, data | {"email": "NEW@members.example"}).content.decode()
    assert "There is an account with this address already." in again


def test_admin_never_deletes_an_account(client: Client) -> None:
    user = UserFactory.create()
    page = reverse("admin:members_user_delete", args=[user.pk])
    assert client.post(page, {"post": "yes"}).status_code == 403


def test_every_column_that_can_be_edited_is_on_its_page(client: Client) -> None:
    """A new column of a model does not stay off the page because its field sets were forgotten."""
    for model in (
        model for model in admin.site._registry if not isinstance(admin.site._registry[model], ReadOnlyAdmin)
    ):
        fill(1)
        page = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"))
        if page.status_code == 403 or model is User:
            continue
        shown = set(page.context["adminform"].form.fields)
        wanted = {field.name for field in model._meta.fields if field.editable and not field.auto_created}
        assert wanted - shown == set(), model
