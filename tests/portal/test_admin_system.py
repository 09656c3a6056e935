"""The page of the system's state: what it says, and that it answers within a second when Valkey is gone."""

import re
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from endorsements.models import RegisterEntry
from members.models import User
from notifications.models import Notice
from portal import system
from tests.factories.circulations import Stage
from tests.factories.directory import ForumFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client: Client) -> Client:
    ForumFactory.create()
    client.force_login(User.objects.create_superuser("root@rso.example", "long enough secret"))
    return client


def facts() -> dict[str, system.Fact]:
    return {fact.name: fact for group in system.groups() for fact in group.facts}


def test_page_says_what_waits_what_runs_and_what_is_installed(client: Client) -> None:
    stage = Stage()
    stage.opened()
    page = client.get(reverse("admin:system")).content.decode()
    for words in ("Valkey", "PostgreSQL", "Django", "5.2", "Due now", "Head of the register", "auditlog"):
        assert words in page
    found = facts()
    assert found["Circulations open"].value == "1"
    assert found["Due now"].value == str(Notice.objects.count())
    last = RegisterEntry.objects.latest("seq")
    assert found["Head of the register"].value == last.head
    assert found["Entries of the register"].value == str(last.seq)
    assert re.match(r"\d", found["PostgreSQL"].value)
    assert found["Waiting"].level in {system.Level.FINE, system.Level.LOOK}


def test_a_notice_that_failed_or_waits_too_long_says_so_in_words(client: Client) -> None:
    stage = Stage()
    stage.opened()
    first = Notice.objects.earliest("pk")
    Notice.objects.filter(pk=first.pk).update(state="failed")
    Notice.objects.exclude(pk=first.pk).update(due_at="2020-01-01T00:00Z")
    found = facts()
    assert found["Failed"].level == system.Level.LOOK
    assert found["Due now"].level == system.Level.BAD
    assert found["The oldest of them was due"].value.endswith("days ago")
    page = client.get(reverse("admin:system")).content.decode()
    assert "not well" in page
    assert "look at this" in page


@pytest.mark.parametrize("place", ["redis://127.0.0.1:1/0", "redis://10.255.255.1:6379/0"], ids=["refused", "silent"])
def test_page_answers_within_a_second_without_valkey_and_says_so(client: Client, settings: Any, place: str) -> None:
    client.get(reverse("admin:system"))
    settings.REDIS_URL = place
    begun = time.monotonic()
    page = client.get(reverse("admin:system"))
    assert time.monotonic() - begun < 1
    assert page.status_code == 200
    assert "does not answer. No notice is lost" in page.content.decode()


def test_page_takes_few_queries_however_many_rows(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(20):
        client.get(reverse("admin:system"))


def test_index_leads_to_the_page_and_keeps_the_order_of_apps(client: Client) -> None:
    page = client.get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("admin:system")}"' in page
    assert "Harbour Forum: administration" in page
    names = re.findall(r'<a href="/admin/(\w+)/" class="section"', page)
    wanted = ["members", "meetings", "decisions", "documents", "endorsements", "notifications", "audit"]
    assert [name for name in names if name in wanted] == wanted
    assert "auditlog" not in names


def test_only_superusers_see_the_page(client: Client) -> None:
    client.force_login(User.objects.create_user("half@rso.example", "long enough secret", is_staff=True))
    assert client.get(reverse("admin:system")).status_code == 403
