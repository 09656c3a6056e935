"""No page of Django admin takes more than 30 queries or offers thousands of choices, however many rows there are."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Forum, User
from tests.factories.directory import ForumFactory
from tests.portal.admin_rows import busy_first, fill

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30
MOST_OPTIONS = 300
MOST_SECONDS = 3
FEW = {Forum}


def name_of(model: Any, page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def pages(client: Client, model: Any) -> Iterator[str]:
    """List, each sorting, search, each filter, day, add form, page and history of two rows, export."""
    listed = reverse(name_of(model, "changelist"))
    yield listed
    found = client.get(listed).context["cl"]
    for number, _ in enumerate(found.list_display):
        yield f"{listed}?o=-{number}"
    if found.model_admin.search_fields:
        yield f"{listed}?q=land+99"
    for spec in found.filter_specs:
        choices = list(spec.choices(found))
        yield listed + choices[-1]["query_string"]
    if found.date_hierarchy:
        yield f"{listed}?{found.date_hierarchy}__year=2021"
    yield f"{listed}?p=3"
    yield reverse(name_of(model, "add"))
    for row in busy_first(model):
        yield reverse(name_of(model, "change"), args=[row.pk])
        yield reverse(name_of(model, "history"), args=[row.pk])
        yield reverse(name_of(model, "delete"), args=[row.pk])
    yield reverse(name_of(model, "export"))


def most_queries(model: Any, page: str) -> int:
    """Before a row is deleted each table that refers to its kind is asked once, however many rows there are."""
    relations = [one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete]
    return max(MOST_QUERIES, len(relations) + 15) if page.endswith("/delete/") else MOST_QUERIES


def faults(client: Client, model: Any) -> Iterator[str]:
    for page in pages(client, model):
        begun = time.monotonic()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(page)
        seconds = time.monotonic() - begun
        if response.status_code not in {200, 302, 403}:
            yield f"{page}: answered {response.status_code}"
        if len(queries) > most_queries(model, page):
            yield f"{page}: {len(queries)} queries"
        if seconds > MOST_SECONDS:
            yield f"{page}: {seconds:.1f} seconds"
        most = max((part.count("<option") for part in re.split("<select", response.content.decode())), default=0)
        if most > MOST_OPTIONS:
            yield f"{page}: {most} options in a select"
        if response.content.count(b"?q=") + response.content.count(b"__exact=") > 2 * MOST_OPTIONS:
            yield f"{page}: too many links of filters"


@pytest.fixture
def may_analyze(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Statistics of the rows that the test makes: only it sees them before its end, and the application's role may not
    ANALYZE the owner's tables. Without them PostgreSQL takes full tables for empty and may join them row by row."""
    role = settings.DATABASE_APP_ROLE
    with django_db_blocker.unblock():
        owner = connections["owner"].copy()
        with owner.cursor() as cursor:
            cursor.execute(f"GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {role}")
        yield
        with owner.cursor() as cursor:
            cursor.execute(f"REVOKE MAINTAIN ON ALL TABLES IN SCHEMA public FROM {role}")
        owner.close()


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(300, marks=pytest.mark.reduced),
        pytest.param(10_000, marks=[pytest.mark.full, pytest.mark.slow, pytest.mark.prove]),
    ],
)
@pytest.mark.django_db(databases=["default", "owner"])
def test_every_page_of_the_admin_stays_cheap(may_analyze: None, client: Client, count: int) -> None:
    ForumFactory.create()
    fill(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'endorsements_position'")
        assert cursor.fetchone()[0] >= count
    client.force_login(User.objects.create_superuser("root@rso.example", "long enough secret"))
    models = list(admin.site._registry)
    for model in set(models) - FEW:
        assert model._default_manager.count() >= count, model
    found = [fault for model in models for fault in faults(client, model)]
    assert not found, "\n".join(found)
