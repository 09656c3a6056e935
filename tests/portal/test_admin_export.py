"""Exports of admin lists: what the list shows, no secret, no cell that a spreadsheet runs, one row in the audit log."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from audit.admin.exporting import NEVER, cell
from audit.models import AuditEntry
from documents.models import Paragraph
from meetings.models import (
    Agenda,
    AgendaItem,
    AgendaPaper,
    DelegationChange,
    FinalList,
    InformationNote,
    ItemRun,
    NominationLetter,
    SeriesTask,
)
from members.models import HandoverNote, Participant, User
from notifications.models import KeptMail, Notice
from tests.factories.circulations import Stage, VersionFactory
from tests.factories.directory import ForumFactory, ParticipantFactory, StandingFactory

pytestmark = pytest.mark.django_db
XLSX, CSV = "0", "1"
MODELS = list(admin.site._registry)


@pytest.fixture
def client(client: Client) -> Client:
    ForumFactory.create()
    client.force_login(User.objects.create_superuser("root@rso.example", "long enough secret"))
    return client


def address(model: Any, query: str = "") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_export") + query


def export(client: Client, model: Any, kind: str, query: str = "") -> bytes:
    response = client.post(address(model, query), {"format": kind, "resource": "0"})
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    return bytes(response.content)


def sheet(content: bytes) -> list[dict[str, Any]]:
    rows = openpyxl.load_workbook(io.BytesIO(content))["List"].iter_rows(values_only=True)
    heads = next(rows)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", [XLSX, CSV])
def test_export_holds_what_search_and_filter_leave(client: Client, kind: str) -> None:
    for code, kind_of, name in [("AA", "state", "Aland"), ("AB", "state", "Borland"), ("AC", "organisation", "Alorg")]:
        StandingFactory.create(participant=ParticipantFactory.create(code=code, kind=kind_of, short_name=name))
    content = export(client, Participant, kind, "?kind__exact=state&q=Al")
    found = sheet(content) if kind == XLSX else lines(content)
    assert [row["short name"] for row in found] == ["Aland"]
    assert found[0]["standing today"] == "Member"
    entry = AuditEntry.objects.get(action="list.exported")
    assert entry.actor is not None
    assert entry.actor.email == "root@rso.example"  # type: ignore[attr-defined]
    assert entry.subject_ref == "members.participant"
    assert entry.detail == {"rows": 1, "format": "xlsx" if kind == XLSX else "csv", "filter": "kind__exact=state&q=Al"}


@pytest.mark.parametrize(
    ("value", "stands"),
    [
        ("=1+1", "'=1+1"),
        ("+41 22 000", "'+41 22 000"),
        ("-minus", "'-minus"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("＝1", "'＝1"),
        ("a=b", "a=b"),
        ("bell\x07", "bell\N{REPLACEMENT CHARACTER}"),
        (-33, -33),
        (Decimal("-33.8688"), Decimal("-33.8688")),
        (True, True),
        (None, None),
        (["=x", "y"], "'=x, y"),
        ({"a": 1}, '{"a": 1}'),
        (dt.date(2020, 5, 1), dt.date(2020, 5, 1)),
        (dt.datetime(2020, 5, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=7))), dt.datetime(2020, 5, 1, 5)),
    ],
)
def test_no_cell_runs_and_numbers_stay_numbers(value: Any, stands: Any) -> None:
    assert cell(value) == stands
    assert type(cell(value)) is type(stands)


@pytest.mark.parametrize("kind", [XLSX, CSV])
def test_formulas_are_inert_in_the_file(client: Client, kind: str) -> None:
    ParticipantFactory.create(
        code="EV", short_name='=HYPERLINK("http://evil.example","x")', sort_key="-2+3", latitude=Decimal("-33.8688")
    )
    content = export(client, Participant, kind)
    if kind == CSV:
        row = lines(content)[0]
        assert row["latitude"] == "-33.8688"
    else:
        row = sheet(content)[0]
        assert float(row["latitude"]) == -33.8688
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert not [one for line in book["List"] for one in line if one.data_type == "f"]
    assert row["short name"] == """'=HYPERLINK("http://evil.example","x")"""
    assert row["sort key"] == "'-2+3"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_export_has_a_secret_column(model: Any, client: Client) -> None:
    page = client.get(address(model))
    assert page.status_code == 200
    ((_, columns),) = page.context["fields_list"]
    never = NEVER | ({"body", "html", "path"} if model._meta.app_label == "notifications" else set())
    assert not {column.lower() for column in columns} & never
    assert export(client, model, CSV).count(b"\n") >= 1
    assert export(client, model, XLSX).startswith(b"PK")


def test_passwords_and_texts_of_messages_are_in_no_export(client: Client) -> None:
    stage = Stage()
    circulation = stage.opened()
    KeptMail.objects.create(sender="a@b.example", recipient="c@d.example", subject="s", body="https://x/reset/secret")
    notice = Notice.objects.earliest("pk")
    paragraph = Paragraph.objects.filter(version=circulation.version).first()
    text = paragraph.text if paragraph else ""
    assert text
    everything = b"".join(export(client, model, CSV) for model in MODELS).decode("utf-8-sig")
    assert circulation.ref in everything
    for secret in (User.objects.earliest("pk").password, notice.body, "https://x/reset/secret", text):
        assert secret not in everything


def test_text_of_a_draft_is_shown_to_no_admin_and_that_of_a_public_document_is(client: Client) -> None:
    draft, public = VersionFactory.create(), VersionFactory.create()
    for version, text in ((draft, "Hidden words."), (public, "Open words.")):
        Paragraph.objects.create(version=version, position=900, kind="paragraph", number=900, text=text)
    type(public).objects.filter(pk=public.pk).update(released_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    type(public.document).objects.filter(pk=public.document_id).update(audience="public", state="published")
    content = export(client, Paragraph, CSV).decode()
    assert "Open words." in content
    assert "Hidden words." not in content
    for row in Paragraph.objects.filter(position=900):
        page = client.get(reverse("admin:documents_paragraph_change", args=[row.pk])).content.decode()
        assert "Hidden words." not in page
    assert "Hidden" not in client.get(reverse("admin:documents_paragraph_changelist")).content.decode()


def test_opening_the_export_page_writes_nothing(client: Client) -> None:
    assert client.get(address(Participant)).status_code == 200
    assert not AuditEntry.objects.exists()


def test_an_export_without_a_format_is_refused_with_a_sentence(client: Client) -> None:
    page = client.post(address(Participant), {"format": "7", "resource": "0"})
    assert "Select a valid choice" in page.content.decode()
    assert not AuditEntry.objects.exists()


def test_more_rows_than_fit_are_refused_with_a_sentence(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit.admin import exporting

    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    for code in ("AA", "AB", "AC"):
        ParticipantFactory.create(code=code)
    page = client.post(address(Participant), {"format": CSV, "resource": "0"}, follow=True)
    assert "These are 3 rows; an export holds at most 2." in page.content.decode()
    assert not AuditEntry.objects.exists()


def test_staff_who_is_no_superuser_exports_nothing(client: Client) -> None:
    client.force_login(User.objects.create_user("half@rso.example", "long enough secret", is_staff=True))
    assert client.post(address(Participant), {"format": CSV, "resource": "0"}).status_code == 403
    assert not AuditEntry.objects.exists()


def test_every_model_of_ours_is_in_the_admin_but_what_its_people_alone_read() -> None:
    ours = {"audit", "notifications", "members", "documents", "decisions", "workgroups", "meetings", "endorsements"}
    models = {model for model in apps.get_models() if model._meta.app_label in ours}
    agenda = {Agenda, AgendaItem, AgendaPaper, ItemRun}  # notes for the chairs
    names = {NominationLetter, DelegationChange, FinalList}  # of delegates: the own people and the secretariat alone
    with_others = {InformationNote, SeriesTask}  # on a page of the portal; with its series
    assert models - set(MODELS) == {HandoverNote, *agenda, *names, *with_others}
