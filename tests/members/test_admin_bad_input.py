"""What an admin may get wrong: a sentence at the right field, and nothing saved."""

import datetime as dt
import threading
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from audit.admin import ListAdmin
from members.admin.dated import LockingAdmin
from members.models import Alias, Body, BodyChair, BodyMembership, Participant, Standing, User
from tests.factories.directory import BodyFactory, ForumFactory, ParticipantFactory, StandingFactory
from tests.portal.test_admin_history import page_of, posted

pytestmark = pytest.mark.django_db
Errors = dict[str, list[str]]


@pytest.fixture
def client(client: Client) -> Client:
    ForumFactory.create()
    client.force_login(User.objects.create_superuser("root@rso.example", "long enough secret"))
    return client


def errors_of(response: Any) -> Errors:
    """Sentences by the field beside which they stand."""
    assert response.status_code == 200, "it was saved"
    found: Errors = {name: list(said) for name, said in response.context["adminform"].form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= {f"{form.prefix}-{name}": list(said) for name, said in form.errors.items()}
        if inline.formset.non_form_errors():
            found[inline.formset.prefix] = list(inline.formset.non_form_errors())
    return found


def save(client: Client, thing: Any, **changes: str) -> Any:
    page = page_of(thing)
    return client.post(page, posted(client, page) | changes)


def new_row(prefix: str, number: int, **values: Any) -> dict[str, str]:
    row = {f"{prefix}-{number}-{name}": str(value) for name, value in values.items()}
    return {f"{prefix}-TOTAL_FORMS": str(number + 1), f"{prefix}-{number}-mark": "A", **row}


def test_standing_that_overlaps_is_refused_at_its_first_day(client: Client) -> None:
    participant = ParticipantFactory.create(code="QX")
    StandingFactory.create(participant=participant, standing="observer", to_on=dt.date(2013, 4, 1))
    row = new_row("standings", 1, standing="member", from_on="2013-04-01")
    assert errors_of(save(client, participant, **row)) == {
        "standings-1-from_on": [
            "This overlaps with another row of the same participant, from a day not known to 1 April 2013. "
            "End the first before the second."
        ]
    }
    assert participant.standings.count() == 1
    assert save(client, participant, **row | {"standings-1-from_on": "2013-04-02"}).status_code == 302
    assert participant.standings.count() == 2


@pytest.mark.parametrize("prefix", ["memberships", "chairs"])
def test_a_row_that_ends_before_it_starts_is_refused_at_its_last_day(client: Client, prefix: str) -> None:
    body, participant = BodyFactory.create(), ParticipantFactory.create(code="QX")
    row = new_row(prefix, 0, participant=participant.pk, from_on="2020-05-02", to_on="2020-05-01")
    assert errors_of(save(client, body, **row)) == {f"{prefix}-0-to_on": ["The last day is before the first."]}
    assert not BodyMembership.objects.exists()
    assert not BodyChair.objects.exists()


def test_a_standing_that_ends_before_it_starts_is_refused(client: Client) -> None:
    participant = ParticipantFactory.create(code="QX")
    row = new_row("standings", 0, standing="member", from_on="2020-05-02", to_on="2020-05-01")
    assert errors_of(save(client, participant, **row)) == {"standings-0-to_on": ["The last day is before the first."]}
    assert not Standing.objects.exists()


def test_two_co_chairs_of_one_state_at_the_same_time_are_refused(client: Client) -> None:
    body, participant = BodyFactory.create(), ParticipantFactory.create(code="QX", short_name="Quixland")
    BodyChair.objects.create(body=body, participant=participant, from_on=dt.date(2020, 1, 1))
    row = new_row("chairs", 1, participant=participant.pk, from_on="2021-01-01")
    assert errors_of(save(client, body, **row)) == {
        "chairs-1-participant": [
            "Quixland already co-chairs this body at that time; the co-chairs are of different participants."
        ]
    }
    assert BodyChair.objects.count() == 1
    other = ParticipantFactory.create(code="OT")
    assert save(client, body, **row | {"chairs-1-participant": str(other.pk)}).status_code == 302
    assert BodyChair.objects.count() == 2


def test_a_member_twice_at_the_same_time_is_refused(client: Client) -> None:
    body, participant = BodyFactory.create(), ParticipantFactory.create(code="QX", short_name="Quixland")
    BodyMembership.objects.create(body=body, participant=participant)
    row = new_row("memberships", 1, participant=participant.pk)
    assert errors_of(save(client, body, **row)) == {
        "memberships-1-participant": ["Quixland already belongs to this body at that time, from a day not known."]
    }
    assert BodyMembership.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("code", "lk", "Lanka has the code LK already."),
        ("slug", "lk", "Another participant has this address of its page already."),
        ("short_name", "Lanka", "Another participant has this short name already."),
        ("short_name", "CEYLON", "This is another spelling of Lanka."),
    ],
)
def test_what_belongs_to_another_participant_is_refused_at_its_field(
    client: Client, field: str, value: str, sentence: str
) -> None:
    lanka = ParticipantFactory.create(code="LK", short_name="Lanka")
    Alias.objects.create(participant=lanka, name="Ceylon", folded="ceylon")
    participant = ParticipantFactory.create(code="QX")
    assert errors_of(save(client, participant, **{field: value})) == {field: [sentence]}
    participant.refresh_from_db()
    assert participant.code == "QX"


def test_an_alias_of_another_participant_or_twice_is_refused_at_its_field(client: Client) -> None:
    lanka = ParticipantFactory.create(code="LK", short_name="Lanka")
    Alias.objects.create(participant=lanka, name="Ceylon", folded="ceylon")
    participant = ParticipantFactory.create(code="QX")
    taken = new_row("aliases", 0, name="CEYLON")
    assert errors_of(save(client, participant, **taken)) == {
        "aliases-0-name": ["This spelling belongs to Lanka already."]
    }
    twice = new_row("aliases", 0, name="Kwix") | new_row("aliases", 1, name="KWIX")
    assert errors_of(save(client, participant, **twice)) == {
        "aliases-1-name": ["This spelling is on the page already."]
    }
    assert Alias.objects.count() == 1


def test_a_spelling_freed_in_the_same_step_is_not_taken_yet(client: Client) -> None:
    participant = ParticipantFactory.create(code="QX")
    Alias.objects.create(participant=participant, name="Kwix", folded="kwix")
    again = new_row("aliases", 1, name="KWIX") | {"aliases-0-DELETE": "on"}
    assert errors_of(save(client, participant, **again)) == {
        "aliases-1-name": ["This spelling is on the page already."]
    }
    assert Alias.objects.get().name == "Kwix"


def test_a_page_that_is_wrong_in_one_row_saves_none(client: Client) -> None:
    participant = ParticipantFactory.create(code="QX", city="Old Town")
    row = new_row("standings", 0, standing="member", from_on="2020-05-02", to_on="2020-05-01")
    good = new_row("aliases", 0, name="Kwix")
    assert errors_of(save(client, participant, city="New Town", **row, **good))
    participant.refresh_from_db()
    assert participant.city == "Old Town"
    assert not Alias.objects.exists()


def test_a_row_saved_meanwhile_by_another_is_seen(client: Client) -> None:
    """The page was sent before the other's row was there; both rows would overlap."""
    body, participant = BodyFactory.create(), ParticipantFactory.create(code="QX", short_name="Quixland")
    data = posted(client, page_of(body)) | new_row("chairs", 0, participant=participant.pk, from_on="2021-01-01")
    BodyChair.objects.create(body=body, participant=participant)
    assert list(errors_of(client.post(page_of(body), data))) == ["chairs-0-participant"]
    assert BodyChair.objects.count() == 1


def save_while_another_does(client: Client, thing: str) -> tuple[list[int], int]:
    """What the second of two admins is answered who save at once, and how many rows there are in the end."""
    participant = ParticipantFactory.create(code="QX")
    parent: Participant | Body = participant if thing == "participant" else BodyFactory.create()
    prefix = "standings" if thing == "participant" else "chairs"
    values = {"standing": "member"} if thing == "participant" else {"participant": participant.pk}
    data = posted(client, page_of(parent)) | new_row(prefix, 0, from_on="2021-01-01", **values)
    answers: list[int] = []

    def second() -> None:
        try:
            answers.append(client.post(page_of(parent), data).status_code)
        finally:
            connection.close()

    model: Any = Standing if thing == "participant" else BodyChair
    with transaction.atomic():
        type(parent).objects.select_for_update().get(pk=parent.pk)
        keys = {"participant": participant} | ({"standing": "member"} if thing == "participant" else {"body": parent})
        model.objects.create(**keys)
        other = threading.Thread(target=second)
        other.start()
        wait_until_someone_waits()
    other.join(20)
    return answers, model.objects.count()


def wait_until_someone_waits() -> None:
    """Until another connection stands before a lock of this one."""
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.1)")
    raise AssertionError("nobody waited")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("thing", ["participant", "body"])
def test_two_admins_who_save_at_once_do_not_both_get_through(client: Client, thing: str) -> None:
    """The second waits for the row's lock, then sees what the first wrote."""
    assert save_while_another_does(client, thing) == ([200], 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("thing", ["participant", "body"])
def test_twin_without_the_lock_both_get_through(client: Client, thing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LockingAdmin, "get_object", ListAdmin.get_object)
    assert save_while_another_does(client, thing) == ([302], 2)


@pytest.mark.django_db(transaction=True)
def test_one_spelling_for_two_participants_at_once_is_a_sentence_and_no_error_page(client: Client) -> None:
    first, second = ParticipantFactory.create(code="QX"), ParticipantFactory.create(code="QY")
    data = posted(client, page_of(first)) | new_row("aliases", 0, name="Kwix")
    answers: list[Any] = []

    def save_first() -> None:
        try:
            answers.append(client.post(page_of(first), data, follow=True))
        finally:
            connection.close()

    with transaction.atomic():
        Alias.objects.create(participant=second, name="Kwix", folded="kwix")
        other = threading.Thread(target=save_first)
        other.start()
        wait_until_someone_waits()
    other.join(20)
    assert "Somebody else saved the same at this moment" in answers[0].content.decode()
    assert Alias.objects.get().participant == second


def test_a_body_with_members_is_not_deleted(client: Client) -> None:
    body = BodyFactory.create()
    BodyMembership.objects.create(body=body, participant=ParticipantFactory.create(code="QX"))
    page = reverse("admin:members_body_delete", args=[body.pk])
    assert client.post(page, {"post": "yes"}).status_code == 403
    assert Body.objects.filter(pk=body.pk).exists()


def test_a_participant_added_by_mistake_is_deleted_with_its_rows_and_the_history_keeps_them(client: Client) -> None:
    participant = ParticipantFactory.create(code="QX")
    StandingFactory.create(participant=participant)
    Alias.objects.create(participant=participant, name="Kwix", folded="kwix")
    page = reverse("admin:members_participant_delete", args=[participant.pk])
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert not Participant.objects.filter(code="QX").exists()
    deleted = LogEntry.objects.filter(action=LogEntry.Action.DELETE).values_list("content_type__model", flat=True)
    assert sorted(deleted) == ["alias", "participant", "standing"]
