"""The heads leave the building: one a day, public and mailed; receipts and exports that can be checked outside."""

import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from endorsements import register
from endorsements.enums import PositionKind
from endorsements.models import PublishedHead, RegisterEntry
from endorsements.receipts import receipt_digest, receipt_line
from endorsements.services.publishing import publish_head
from members.clock import clock
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_register import verify
from tests.factories.circulations import Stage

WITNESSES = ["keeper@archive.example", "notary@embassy.example"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def witnesses(settings: Any) -> None:
    settings.REGISTER_WITNESSES = WITNESSES


def body_of(response: Any) -> str:
    content = b"".join(response) if response.streaming else response.content
    return str(content.decode())


def last_head() -> str:
    return RegisterEntry.objects.order_by("-seq")[0].head


def test_head_of_the_day_that_ended_is_published_once_and_mailed_to_each_witness(stage: Stage) -> None:
    stage.opened()
    yesterday = clock().astimezone(ZoneInfo(stage.forum.time_zone)).date() - dt.timedelta(days=1)
    row = publish_head()
    assert row is not None
    assert (row.day, row.head) == (yesterday, last_head())
    assert publish_head() is None
    notices = Notice.objects.filter(kind=Kind.REGISTER_HEAD.value)
    assert sorted(notices.values_list("address", flat=True)) == sorted(WITNESSES)
    assert all(row.head in one.body for one in notices)


def test_empty_register_publishes_nothing(stage: Stage) -> None:
    assert publish_head() is None
    assert not PublishedHead.objects.exists()


def test_a_missed_day_stays_missed_and_the_next_is_published(stage: Stage) -> None:
    stage.opened()
    today = clock().astimezone(ZoneInfo(stage.forum.time_zone)).date()
    PublishedHead.objects.create(day=today - dt.timedelta(days=3), head="a" * 64, published_at=clock())
    row = publish_head()
    assert row is not None
    assert list(PublishedHead.objects.values_list("day", flat=True)) == [row.day, today - dt.timedelta(days=3)]


def test_published_head_cannot_be_changed_nor_published_twice(stage: Stage) -> None:
    stage.opened()
    row = publish_head()
    assert row is not None
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PublishedHead.objects.update(head="b" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedHead.objects.create(day=row.day, head="b" * 64, published_at=clock())


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_publish_one_head(stage: Stage) -> None:
    stage.opened()
    found: list[PublishedHead | None] = []

    def wake() -> None:
        try:
            found.append(publish_head())
        finally:
            connection.close()

    threads = [threading.Thread(target=wake) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert sum(row is not None for row in found) == 1
    assert Notice.objects.filter(kind=Kind.REGISTER_HEAD.value).count() == len(WITNESSES)


def test_public_page_and_file_show_days_and_heads_and_no_number(client: Client, stage: Stage) -> None:
    stage.opened()
    row = publish_head()
    assert row is not None
    text = body_of(client.get(reverse("endorsements:register-heads-file")))
    assert text == f"{row.day.isoformat()} {row.head}\n"
    page = body_of(client.get(reverse("endorsements:register-heads")))
    assert " ".join(row.head[i : i + 4] for i in range(0, 64, 4)) in page
    assert "keeper@archive.example" not in page


def test_heads_file_is_checked_against_an_export(client: Client, stage: Stage, tmp_path: Path) -> None:
    circulation = stage.opened()
    publish_head()
    kept = tmp_path / "heads.txt"
    kept.write_text(body_of(client.get(reverse("endorsements:register-heads-file"))))
    stage.reply(circulation, PositionKind.ENDORSE)
    export = tmp_path / "export.jsonl"
    client.force_login(stage.manager)
    export.write_text(body_of(client.get(reverse("endorsements:register-export"))))
    found = verify("verify-diff", kept, export)
    assert (found.returncode, found.stdout.strip()) == (0, "3 entries, unbroken, and all 1 kept heads are in it.")
    kept.write_text(f"2026-01-01 {'c' * 64}\n")
    found = verify("verify-diff", kept, export)
    assert found.returncode == 1
    assert "2026-01-01" in found.stdout
    kept.write_text("no head here\n")
    assert verify("verify-diff", kept, export).returncode == 2


def test_export_is_for_managers(client: Client, stage: Stage) -> None:
    stage.opened()
    for person, status in ((stage.manager, 200), (stage.officer, 403), (stage.focal_point, 404)):
        client.force_login(person)
        assert client.get(reverse("endorsements:register-export")).status_code == status


def test_own_entries_are_those_of_ended_circulations_alone(client: Client, stage: Stage, tmp_path: Path) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.ENDORSE)
    client.force_login(stage.focal_point)
    address = reverse("endorsements:register-own", args=[stage.states[0].slug])
    assert body_of(client.get(address)) == ""
    stage.reply(circulation, PositionKind.OBJECTION, by=stage.other, of=stage.states[1])
    lines = body_of(client.get(address)).splitlines()
    assert [json.loads(line)["entry"]["participant"] for line in lines] == ["AA"]
    path = tmp_path / "own.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines))
    assert verify("verify-own", path).returncode == 0
    path.write_text(path.read_text().replace('"endorse"', '"objection"'))
    assert verify("verify-own", path).returncode == 1
    client.force_login(stage.other)
    assert client.get(address).status_code == 404


@pytest.fixture
def receipt(client: Client, stage: Stage, tmp_path: Path) -> tuple[Path, Path]:
    """The receipt as its participant gets it, and the export of a manager."""
    position = stage.reply(stage.opened(), PositionKind.ENDORSE)
    address = reverse("endorsements:position-receipt-file", args=[position.circulation.ref, position.pk])
    client.force_login(stage.focal_point)
    path, export = tmp_path / "receipt.txt", tmp_path / "export.jsonl"
    path.write_text(body_of(client.get(address)))
    export.write_text("".join(f"{line}\n" for line in register.export_lines()))
    return path, export


def test_receipt_verifies_from_its_text_alone_and_in_an_export(receipt: tuple[Path, Path]) -> None:
    path, export = receipt
    found = verify("verify-receipt", path)
    assert (found.returncode, found.stdout.strip()) == (
        0,
        f"The text of the receipt fits its SHA-256. Keep the head: {last_head()}",
    )
    found = verify("verify-receipt", path, export)
    assert (found.returncode, found.stdout.strip()[:33]) == (0, "The receipt is entry 3 of the exp")


@pytest.mark.parametrize(
    ("old", "new"), [('"endorse"', '"objection"'), ('"AA"', '"BB"'), ('"version":1', '"version":2')]
)
def test_changed_receipt_is_found(receipt: tuple[Path, Path], old: str, new: str) -> None:
    path, export = receipt
    path.write_text(path.read_text().replace(old, new))
    assert verify("verify-receipt", path).returncode == 1
    assert verify("verify-receipt", path, export).returncode == 1


def test_receipt_of_a_register_made_anew_is_found(receipt: tuple[Path, Path]) -> None:
    path, export = receipt
    lines = export.read_text().splitlines()
    export.write_text("".join(f"{line}\n" for line in lines[:2]))
    found = verify("verify-receipt", path, export)
    assert found.returncode == 1
    assert "not in the export" in found.stdout


def test_no_receipt_and_no_mail_tells_a_number_of_an_entry(client: Client, stage: Stage) -> None:
    """Between two receipts nobody can count what others said."""
    circulation = stage.opened()
    first = stage.reply(circulation, PositionKind.ENDORSE)
    client.force_login(stage.focal_point)
    page = body_of(client.get(reverse("endorsements:position-receipt", args=[circulation.ref, first.pk])))
    assert "number 3" not in page
    line = json.loads(receipt_line(first.register_entry.content))
    assert {"seq", "prev", "actor", "appointment"}.isdisjoint(line)
    assert not Notice.objects.filter(body__contains=f"Entry {first.register_entry.seq}").exists()
    client.force_login(stage.officer)
    page = body_of(client.get(reverse("endorsements:position-receipt", args=[circulation.ref, first.pk])))
    assert "number 3" in page


def test_mail_of_a_reply_carries_receipt_and_head(stage: Stage) -> None:
    entry = stage.reply(stage.opened(), PositionKind.ENDORSE).register_entry
    bodies = Notice.objects.filter(kind=Kind.POSITION_RECORDED.value).values_list("body", flat=True)
    assert bodies
    assert all(f"\n{receipt_digest(entry.content)}\n{entry.head}\n" in body for body in bodies)
