"""Hostile text in every text field: it runs on no page and in no spreadsheet."""

import csv
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from endorsements.enums import PositionKind
from tests.portal.crawler import NOT_WALKED, body_of, starts, walk
from tests.portal.hostile_words import fill
from tests.portal.worlds import Worlds, make_worlds

pytestmark = pytest.mark.django_db
MARKUP, SHORT_MARKUP = """'"><img src=x onerror=alert(1)>{{ 7|add:7 }}""", '"><i onload=a()>'
FORMULA = "=HYPERLINK(A1)"
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
PERSONAS = ["anonymous", "focal_point", "co_chair", "officer", "manager"]
MODELS = list(admin.site._registry)
XLSX, CSV = "0", "1"


class Running(HTMLParser):
    """Collects what a browser would run: handlers, scripts in the page, addresses that are code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if any(name.startswith("on") for name in names) or (
            tag == "script" and "src" not in names and not names.get("type")
        ):
            self.found.append(self.get_starttag_text() or tag)
        self.found += [value for value in names.values() if value and value.strip().lower().startswith("javascript:")]


def running_in(text: str) -> list[str]:
    parser = Running()
    parser.feed(text)
    return parser.found


@pytest.fixture
def worlds(db: None) -> Worlds:
    return make_worlds()


def hostile(worlds: Worlds, long: str, short: str) -> None:
    """Rows that the database guards get their text by the deeds that make them."""
    worlds.stage.reply(worlds.running, PositionKind.ENDORSE_WITH_PROPOSALS, text=long)
    guarded = fill(long, short)
    # What a deed wrote once and nobody may write again.
    assert {one.split(".")[0] for one in guarded} <= {"audit", "endorsements", "documents", "members"}, guarded


def admin_pages() -> Iterator[str]:
    """Each list of Django admin, and the page of its first row."""
    for model in MODELS:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"admin:{name}_changelist")
        first = model._base_manager.order_by("pk").values_list("pk", flat=True).first()
        if first is not None:
            yield reverse(f"admin:{name}_change", args=[first])


def pages(worlds: Worlds) -> Iterator[tuple[str, str]]:
    for persona in PERSONAS:
        for path, response, _ in walk(worlds.client(persona), starts(worlds)):
            if "html" in response.headers.get("Content-Type", ""):
                yield f"{path} as {persona}", body_of(response).decode()
    client = worlds.client("admin")
    assert "/admin/" in NOT_WALKED
    for path in admin_pages():
        yield path, client.get(path).content.decode()


def test_no_stored_text_runs_on_any_page(worlds: Worlds) -> None:
    hostile(worlds, MARKUP, SHORT_MARKUP)
    faults, escaped = [], 0
    for path, text in pages(worlds):
        faults += [f"{path}: {one}" for one in running_in(text)]
        assert "14}}" not in text, path
        escaped += "&lt;img src=x onerror=alert(1)&gt;" in text
    assert not faults, "\n".join(faults[:20])
    assert escaped > 60, "too few pages show the text: that proves little"


def test_twin_without_escaping_it_is_found(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile(worlds, MARKUP, SHORT_MARKUP)
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    text = worlds.client("officer").get(worlds.stage.states[0].get_absolute_url()).content.decode()
    assert any("onerror" in one for one in running_in(text))


def cells_of_csv(content: bytes) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]


def cells_of_xlsx(content: bytes) -> list[str]:
    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return [
        str(cell.value)
        for sheet in sheets
        for row in sheet
        for cell in row
        if cell.data_type in {"s", "f", "inlineStr"}
    ]


def check_inert(what: str, cells: list[str]) -> int:
    assert not [cell for cell in cells if cell.startswith(RUNS) and not cell.lstrip("-").replace(".", "").isdigit()], (
        what
    )
    return sum(FORMULA[1:] in cell for cell in cells)


def exports_of_admin(client: Client, kind: str) -> Iterator[tuple[str, bytes]]:
    for model in MODELS:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_export")
        yield path, client.post(path, {"format": kind, "resource": "0"}).content


def test_no_cell_of_any_export_starts_a_formula(worlds: Worlds) -> None:
    hostile(worlds, FORMULA, FORMULA)
    shown = 0
    for persona in ["anonymous", "officer", "manager", "focal_point"]:
        for path, response, _ in walk(worlds.client(persona), [*starts(worlds), "/members/?format=csv"]):
            if "csv" in response.headers.get("Content-Type", ""):
                shown += check_inert(path, cells_of_csv(body_of(response)))
    readers: list[tuple[str, Any]] = [(CSV, cells_of_csv), (XLSX, cells_of_xlsx)]
    for kind, read in readers:
        for path, content in exports_of_admin(worlds.client("admin"), kind):
            shown += check_inert(path, read(content))
    assert shown > 50, "too few cells hold the formula: that proves little"
