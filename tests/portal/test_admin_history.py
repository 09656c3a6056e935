"""The history of reference data: who, when, from which value to which; also of rows edited on another one's page."""

import ast
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib import admin
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.urls import reverse

from audit import history
from audit.admin import ReadOnlyAdmin
from members.models import Alias, BodyMembership, Participant, User
from tests.factories.directory import BodyFactory, ForumFactory, ParticipantFactory, StandingFactory, UserFactory
from tests.portal.forum_copy import ForumCopy

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture
def client(client: Client) -> Client:
    ForumFactory.create()
    client.force_login(User.objects.create_superuser("root@rso.example", "long enough secret", name="Root Admin"))
    return client


def page_of(thing: Any, name: str = "change") -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{name}", args=[thing.pk])


def posted(client: Client, page: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send back: every field of the page's forms as it stands, with some changed."""
    context = client.get(page).context
    forms = [context["adminform"].form]
    data: dict[str, Any] = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            value = bound.field.prepare_value(value) if hasattr(bound.field, "prepare_value") else value
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data | changes


def entries(thing: Any) -> list[dict[str, Any]]:
    model_admin = admin.site._registry[type(thing)]
    children = [
        (inline.model, next(f.name for f in inline.model._meta.fields if f.related_model is type(thing)))
        for inline in model_admin.inlines
        if history.is_kept(inline.model)
    ]
    return list(history.Entries(list(history.entries_of(thing, children))))


def test_history_shows_who_changed_what_from_which_value_to_which(client: Client) -> None:
    participant = ParticipantFactory.create(code="QX", city="Old Town")
    page = page_of(participant)
    assert client.post(page, posted(client, page, city="New Town")).status_code == 302
    latest = entries(participant)[0]
    assert latest["who"] == "Root Admin (root@rso.example)"
    assert [(one.name, one.old, one.new) for one in latest["changes"]] == [
        ("city of the time zone", "Old Town", "New Town")
    ]
    shown = client.get(page_of(participant, "history")).content.decode()
    for words in ("Root Admin (root@rso.example)", "Old Town", "New Town", "City of the time zone"):
        assert words in shown


def test_history_of_a_participant_shows_standing_and_spellings_even_after_they_are_deleted(client: Client) -> None:
    participant = ParticipantFactory.create(code="QX")
    standing = StandingFactory.create(participant=participant, standing="observer")
    alias = Alias.objects.create(participant=participant, name="Kwix", folded="kwix")
    page = page_of(participant)
    data = posted(client, page) | {"standings-0-to_on": "2020-05-01", "aliases-0-DELETE": "on"}
    assert client.post(page, data).status_code == 302
    standing.refresh_from_db()
    assert str(standing.to_on) == "2020-05-01"
    assert not Alias.objects.filter(pk=alias.pk).exists()
    found = entries(participant)
    changes = {(one["what"], one["action"], c.name, c.old, c.new) for one in found for c in one["changes"]}
    assert ("standing", "changed", "last day", "–", "1 May 2020") in changes
    assert ("alias", "deleted", "name", "Kwix", "–") in changes
    shown = client.get(page_of(participant, "history")).content.decode()
    assert "Alias deleted: Kwix" in shown
    assert "Kwix" not in client.get(page_of(ParticipantFactory.create(code="OT"), "history")).content.decode()


def test_history_of_a_new_row_names_its_columns_alone(client: Client) -> None:
    participant = ParticipantFactory.create()
    (entry,) = entries(participant)
    columns = {str(field.verbose_name) for field in Participant._meta.fields}
    assert {change.name for change in entry["changes"]} <= columns
    assert ".None" not in client.get(page_of(participant, "history")).content.decode()


def test_history_of_a_body_shows_its_members_by_name(client: Client) -> None:
    body = BodyFactory.create()
    row = BodyMembership.objects.create(body=body, participant=ParticipantFactory.create(code="MM"))
    row.delete()
    changes = [c for one in entries(body) for c in one["changes"] if c.name == "participant"]
    assert [(c.old, c.new) for c in changes] == [("State MM", "–"), ("–", "State MM")]


def test_history_never_holds_a_password(client: Client) -> None:
    user = UserFactory.create(email="person@members.example")
    old = user.password
    change = reverse("admin:auth_user_password_change", args=[user.pk])
    data = {"usable_password": "true", "password1": "A quite new secret 77", "password2": "A quite new secret 77"}
    assert client.post(change, data).status_code == 302
    user.refresh_from_db()
    assert user.password != old
    rows = [str(entry.changes) + str(entry.serialized_data) for entry in LogEntry.objects.all()]
    for secret in (old, user.password, "A quite new secret 77"):
        assert not [row for row in rows if secret in row]
    assert ("password", "not shown", "set anew") in {
        (c.name, c.old, c.new) for one in entries(user) for c in one["changes"]
    }


def test_history_holds_no_name_and_no_address_of_a_person(client: Client) -> None:
    """It stays for ever, and a person can be erased: the account is named by its number, the actor by the row."""
    user = UserFactory.create(email="old.person@members.example", name="Old Person")
    page = page_of(user)
    assert (
        client.post(page, posted(client, page, name="New Person", email="new.person@members.example")).status_code
        == 302
    )
    user.refresh_from_db()
    assert user.name == "New Person"
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT string_agg(entry::text, ' ') FROM auditlog_logentry entry")
        everything = cursor.fetchone()[0].lower()
    for word in ("old person", "new person", "old.person", "new.person", "root@rso", "root admin"):
        assert word not in everything
    latest = entries(user)[0]
    assert latest["who"] == "Root Admin (root@rso.example)"
    assert latest["label"] == f"account {user.pk}"
    assert {(one.name, one.new) for one in latest["changes"]} == {("email", "not kept"), ("name", "not kept")}


def test_loading_the_forum_shows_as_such(client: Client, tmp_path: Path) -> None:
    copy = ForumCopy(tmp_path)
    copy.load()
    lanka = Participant.objects.get(code="LK")
    assert {one["who"] for one in entries(lanka)} == {"by the command loadforum"}
    assert history.who(LogEntry.objects.filter(actor=None, cid=None).latest("pk")) == "nobody signed in"


def test_a_browser_cannot_pass_for_a_command(client: Client) -> None:
    participant = ParticipantFactory.create(code="QX")
    page = page_of(participant)
    client.post(page, posted(client, page, city="Elsewhere"), headers={"X-Correlation-Id": "loadforum"})
    assert history.entries_of(participant)[0].cid is None


@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
@pytest.mark.parametrize("verb", ["UPDATE auditlog_logentry SET object_repr = ''", "DELETE FROM auditlog_logentry"])
def test_nobody_changes_or_deletes_history(alias: str, verb: str) -> None:
    ParticipantFactory.create(code="QX")
    with (
        pytest.raises(DatabaseError, match=r"permission denied|append-only"),
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(verb)
    assert LogEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_application_cannot_empty_history() -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("TRUNCATE auditlog_logentry")


def editable() -> list[Any]:
    """Models of ours that Django admin lets a person edit, on a page of their own or on another one's."""
    found = set()
    for model, model_admin in admin.site._registry.items():
        if isinstance(model_admin, ReadOnlyAdmin):
            continue
        found.add(model)
        found |= {inline.model for inline in model_admin.inlines if "NothingChanges" not in str(inline.__mro__)}
    return sorted(found, key=str)


@pytest.mark.parametrize("model", editable(), ids=lambda model: model._meta.label)
def test_each_editable_model_keeps_its_history(model: Any) -> None:
    assert history.is_kept(model)


def test_no_code_changes_kept_rows_past_their_history() -> None:
    """`update()` and the bulk methods send no signal, so the history would not hear of them."""
    kept = {model.__name__ for model in auditlog.get_models()}
    past = {"update", "bulk_create", "bulk_update"}
    found = []
    for app in ("audit", "notifications", "members", "documents", "decisions", "meetings", "endorsements", "portal"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in past:
                    names = {one.id for one in ast.walk(node.func) if isinstance(one, ast.Name)}
                    if names & kept:
                        found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found
