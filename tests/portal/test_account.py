"""A person's own account: changed, saved as a file, deleted with the record kept."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.models import AccessEntry, AuditEntry
from endorsements.enums import PositionKind
from endorsements.models import Position
from endorsements.services.posts import has_open_circulation
from members.clock import clock as database_clock
from members.enums import Role
from members.models import Appointment, InvitationBatch, User
from members.rules import NotAllowed
from members.services import check_batch, delete_account, run_batches, send_batch
from notifications.models import KeptMail, Notice
from tests.factories.accounts import with_app
from tests.factories.circulations import Stage
from tests.factories.directory import UserFactory

pytestmark = pytest.mark.django_db
PAGE, DATA, DELETE = "/accounts/", "/accounts/data/", "/accounts/delete/"


@pytest.fixture(autouse=True)
def no_rate_limit_left_over() -> None:
    cache.clear()


@pytest.fixture
def stage() -> Stage:
    return Stage()


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def send(client: Client, path: str, **data: str) -> Any:
    return client.post(path, {"key": str(uuid.uuid4()), **data})


def test_the_masthead_leads_to_the_account(client: Client, stage: Stage) -> None:
    client.force_login(stage.focal_point)
    assert '<a href="/accounts/">Focal point, Aland' in text(client.get("/"))
    page = text(client.get(PAGE))
    assert "Focal point of Aland" in page
    assert "focal.aa@members.example" in page


def test_change_of_the_profile_is_kept_once_and_the_log_holds_no_name(client: Client, stage: Stage) -> None:
    client.force_login(stage.focal_point)
    data = {"name": "สมชาย ใจดี", "time_zone": "Asia/Colombo", "language": "si", "key": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(PAGE, data).url == PAGE
    user = User.objects.get(pk=stage.focal_point.pk)
    assert (user.name, user.time_zone, user.language) == ("สมชาย ใจดี", "Asia/Colombo", "si")
    entry = AuditEntry.objects.get(action="account.changed")
    assert (entry.detail, entry.subject_label) == ({"fields": ["name", "time_zone", "language"]}, "")


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("name", "x" * 151), ("time_zone", "Mars/Base"), ("language", "xx")]
)
def test_what_does_not_fit_is_said_and_changes_nothing(client: Client, stage: Stage, field: str, value: str) -> None:
    client.force_login(stage.focal_point)
    data = {"name": "Name", "time_zone": "", "language": "", field: value}
    assert "<title>Error: Your account" in text(send(client, PAGE, **data))
    assert User.objects.get(pk=stage.focal_point.pk).name == stage.focal_point.name


def test_own_data_as_a_file_holds_deeds_and_nothing_of_others(client: Client, stage: Stage) -> None:
    stage.reply(stage.opened(), PositionKind.OBJECTION, text="Our law does not permit it.")
    secret = with_app(stage.focal_point)
    client.force_login(stage.focal_point)
    response = client.post(DATA)
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "no-store" in response.headers["Cache-Control"]
    data = json.loads(response.content)
    assert data["account"]["email"] == "focal.aa@members.example"
    assert [one["post"] for one in data["appointments"]] == ["Focal point of Aland"]
    assert [one["text"] for one in data["deeds"]["replies"]] == ["Our law does not permit it."]
    assert [one["deed"] for one in data["deeds"]["register"]] == ["position.recorded"]
    assert {one["address"] for one in data["notices"]} == {"focal.aa@members.example"}
    whole = response.content.decode()
    assert secret not in whole
    assert "focal.bb" not in whole
    assert AccessEntry.objects.filter(subject_kind="account-data", user=stage.focal_point).count() == 1


def test_own_data_after_a_while_asks_who_it_is(client: Client, stage: Stage, settings: Any) -> None:
    with time_machine.travel(database_clock().astimezone(dt.UTC), tick=False) as now:
        client.force_login(stage.focal_point)
        now.shift(settings.REAUTHENTICATE_SECONDS + 1)
        asked = client.post(DATA)
        assert asked.url.startswith("/accounts/confirm/password/")
        proof = {"password": "correct horse battery staple", "next": DATA}
        assert json.loads(client.post("/accounts/confirm/password/", proof).content)["account"]


def test_a_deleted_account_leaves_deeds_and_no_name(client: Client, stage: Stage) -> None:
    user = stage.alternate
    user.name = "Nimal Perera"
    user.save()
    position = stage.reply(stage.opened(), PositionKind.ENDORSE, by=user)
    KeptMail.objects.create(
        message_id="<1@x>", sender="a@b.example", recipient=user.email, subject="Reply", body=f"To {user.email}"
    )
    with_app(user)
    here, there = client, Client()
    for one in (here, there):
        one.force_login(user)
    page = text(here.get(DELETE))
    assert "Your post ends: Alternate of Aland." in page
    assert "Tick the box if you are sure." in text(send(here, DELETE))
    response = send(here, DELETE, is_sure="on")
    assert response.url == "/forum/"
    assert "_auth_user_id" not in here.session
    assert there.get(PAGE).status_code == 302
    gone = User.objects.get(pk=user.pk)
    assert (gone.name, gone.is_active, gone.has_usable_password()) == ("Former official", False, False)
    assert gone.email.endswith("@deleted.invalid")
    assert gone.deleted_at
    assert not Authenticator.objects.filter(user=user).exists()
    assert not Appointment.objects.filter(user=user).in_office(database_clock()).exists()  # type: ignore[attr-defined]
    kept = Position.objects.get(pk=position.pk)
    assert (kept.actor_id, kept.on_behalf_of.code) == (user.pk, "AA")
    told = [*Notice.objects.filter(user=user), *KeptMail.objects.all()]
    assert told
    for one in told:
        assert "alternate.aa" not in f"{getattr(one, 'address', '')} {getattr(one, 'recipient', '')} {one.body}"
    assert set(Notice.objects.filter(user=user).values_list("state", flat=True)) == {"withheld"}
    assert AuditEntry.objects.filter(action="account.deleted", actor=user).count() == 1
    assert AuditEntry.objects.filter(action="appointment.ended", actor=user).count() == 1
    client.force_login(stage.officer)
    assert "Nimal" not in text(client.get("/outbox/"))


def tables_that_hold(words: str) -> list[str]:
    """Every table of the database with a row in which these words stand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{name}" AS one WHERE one::text ILIKE %s)', [f"%{words}%"])
            found += [name] if cursor.fetchone()[0] else []
    return found


def test_no_table_holds_name_or_address_of_a_deleted_account(client: Client, stage: Stage) -> None:
    user = stage.alternate
    user.name = "Nimal Perera"
    user.save()
    for email in ("Alternate.AA@members.example", "other@members.example"):
        rows = [(2, {"email": email, "name": "Nimal Perera", "role": "reviewer", "participant": "BB"})]
        check_batch("people.csv", rows, actor=stage.officer, key=uuid.uuid4())
    send_batch(InvitationBatch.objects.order_by("pk")[0].pk, actor=stage.officer, key=uuid.uuid4())
    run_batches()
    stage.reply(stage.opened(), PositionKind.ENDORSE, by=user)
    boss = UserFactory(email="boss@rso.example", is_superuser=True, is_staff=True)
    LogEntry.objects.log_actions(boss.pk, [user], CHANGE, [{"changed": {"name": str(user)}}])
    assert {"django_admin_log", "members_invitationbatch", "members_user"} <= set(tables_that_hold("perera"))
    client.force_login(user)
    send(client, DELETE, is_sure="on")
    assert tables_that_hold("alternate.aa") == []
    assert tables_that_hold("nimal perera") == ["members_invitationbatch"], "another of the same name stays"
    assert "other@members.example" in str(
        InvitationBatch.objects.filter(rows__0__typed__name="Nimal Perera").get().rows
    )


def test_the_only_focal_point_stays_while_a_draft_waits(client: Client, stage: Stage) -> None:
    stage.opened()
    client.force_login(stage.focal_point)
    page = text(send(client, DELETE, is_sure="on"))
    assert "A draft waits for the reply of Aland, and you are its only focal point." in page
    assert User.objects.get(pk=stage.focal_point.pk).is_active
    stage.person("second.aa", Role.FOCAL_POINT, stage.states[0])
    assert send(client, DELETE, is_sure="on").url == "/forum/"


def test_twin_without_an_open_circulation_the_only_focal_point_may_go(client: Client, stage: Stage) -> None:
    client.force_login(stage.focal_point)
    assert send(client, DELETE, is_sure="on").url == "/forum/"


def test_the_only_administrator_stays(stage: Stage) -> None:
    with pytest.raises(NotAllowed, match="only administrator"):
        delete_account.__wrapped__(stage.admin.pk, is_busy=has_open_circulation)  # type: ignore[attr-defined]
    User.objects.create_superuser("second@office.example", "correct horse battery staple")
    delete_account.__wrapped__(stage.admin.pk, is_busy=has_open_circulation)  # type: ignore[attr-defined]
    assert not User.objects.get(pk=stage.admin.pk).is_superuser


def test_a_deleted_account_is_out_for_good(client: Client, stage: Stage) -> None:
    client.force_login(stage.reviewer)
    send(client, DELETE, is_sure="on")
    for email in (stage.reviewer.email, User.objects.get(pk=stage.reviewer.pk).email):
        data = {"login": email, "password": "correct horse battery staple"}
        assert client.post("/accounts/login/", data).status_code == 200
        client.post(reverse("account_reset_password"), {"email": email})
    assert not Notice.objects.filter(kind="account").exists()
