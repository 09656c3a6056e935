"""Who sees what: the matrix, the admin's one rule, GET that changes nothing, headers on every answer."""

import os
import re
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.portal import access
from tests.portal.access import METHODS, PERSONAS, Key, World, make_world

pytestmark = pytest.mark.django_db

MAY_CHANGE = {"django_session", "audit_accessentry"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def table_states() -> dict[str, str]:
    """A digest of each table, but those that a GET may write to."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in MAY_CHANGE:
                cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {table} t")
                found[table] = cursor.fetchone()[0]
    return found


def check_headers(name: str, response: HttpResponseBase) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy, name
    assert "nonce" not in policy, name
    assert "script-src 'self'" in policy, name
    assert "frame-ancestors 'none'" in policy, name
    assert response.headers["X-Content-Type-Options"] == "nosniff", name
    assert response.headers["X-Frame-Options"] == "DENY", name


def sign_all_in(world: World) -> dict[str, Client]:
    return {persona: world.client(persona) for persona in PERSONAS}


def ask_all(world: World, clients: dict[str, Client], method: str, settings: Any) -> dict[Key, str]:
    """The answer of each address to each person; limits of tries count afresh for each. The second step is asked of one
    of them alone: the others stand for people who have it."""
    found: dict[Key, str] = {}
    for persona, client in clients.items():
        cache.clear()
        settings.MFA_REQUIRED = persona == "officer_of_one_step"
        for name in access.names():
            response = getattr(client, method.lower())(world.path(name))
            found[name, method, persona] = str(response.status_code)
            check_headers(name, response)
            if name == "account_logout" and method == "POST":
                client = clients[persona] = world.client(persona)
            if persona != "anonymous" and persona != "suspended" and response.status_code == 200:
                assert "no-store" in response.headers["Cache-Control"], f"{name} as {persona}"
    return found


def test_every_address_answers_every_person_as_the_table_says(world: World, settings: Any) -> None:
    clients = sign_all_in(world)
    before = table_states()
    found = ask_all(world, clients, "GET", settings) | ask_all(world, clients, "HEAD", settings)
    after = table_states()
    assert not {table for table in before if before[table] != after[table]}, "GET or HEAD changed these tables"
    found |= ask_all(world, clients, "POST", settings) | ask_all(world, clients, "PUT", settings)
    if os.environ.get("WRITE_ACCESS_TABLE"):
        access.write_table(found)
    expected = access.read_table()
    assert {name for name, _, _ in expected} == set(access.names()), "an address is not in access.csv"
    assert found == expected


def test_every_method_and_persona_is_in_the_table() -> None:
    expected = access.read_table()
    assert len(expected) == len(set(access.names())) * len(METHODS) * len(PERSONAS)


@pytest.mark.parametrize("persona", PERSONAS)
def test_django_admin_is_for_admins_alone(world: World, persona: str) -> None:
    client = world.client(persona)
    for path in access.admin_paths():
        if path == reverse("admin:logout"):
            continue  # signs out, by POST alone
        response = client.get(path)
        if persona == "admin":
            # 403: adding to a read-only list, or a list that needs more words to complete; 404: no row 1 of that kind
            assert response.status_code in {200, 302, 403, 404}, path
        else:
            assert response.status_code == 302, path
            assert response.headers["Location"].startswith(("/admin/login/", "/accounts/login/")), path


def test_admin_opens_every_list(world: World) -> None:
    client = world.client("admin")
    for path in access.admin_paths():
        if re.fullmatch(r"/admin/\w+/\w+/(export/)?|/admin/(system/)?", path):
            assert client.get(path).status_code in {200, 302}, path


def test_every_model_with_a_state_is_read_only_in_admin(world: World) -> None:
    from django.contrib import admin
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = world.stage.admin
    stated = {
        model
        for model in apps.get_models()
        if model._meta.app_label in {"documents", "meetings", "endorsements", "notifications", "audit"}
        and any(field.name == "state" for field in model._meta.get_fields())
    }
    assert stated, "there are models with a state"
    for model in stated & set(admin.site._registry):
        found = admin.site._registry[model]
        assert not found.has_change_permission(request), model
        assert not found.has_delete_permission(request), model
