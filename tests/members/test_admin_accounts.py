"""An administrator helps who lost the phone, and signs people out: with a reason, on record, told by mail."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from audit.models import AuditEntry
from members import services
from members.models import User
from members.rules import NotAllowed
from notifications.models import Notice
from tests.factories.accounts import with_app
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db
PAGE = "/admin/members/user/"
BOTH = ["take_second_steps", "sign_out_everywhere"]
ACTIONS = {"take_second_steps": "account.second_steps_taken", "sign_out_everywhere": "account.sessions_ended"}


@pytest.fixture(autouse=True)
def no_rate_limit_left_over() -> None:
    cache.clear()


@pytest.fixture
def stage() -> Stage:
    return Stage()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.get("/accounts/")
    return client


def by_password(user: User) -> Client:
    """Signed in as people do, so that the session is listed."""
    user.set_password("four words far apart")
    user.save()
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": "four words far apart"})
    return client


def act(client: Client, action: str, *people: User, reason: str = "Seen on video; phone stolen.") -> str:
    data = {"action": action, "_selected_action": [one.pk for one in people], "reason": reason}
    page: Any = client.post(PAGE, data, follow=True)
    return re.sub(r"\s+", " ", page.content.decode())


@pytest.mark.parametrize("action", BOTH)
def test_the_person_is_out_everywhere_told_by_mail_and_it_is_on_record(stage: Stage, action: str) -> None:
    own, admin = by_password(stage.officer), signed_in(stage.admin)
    with_app(stage.officer)
    assert own.get("/circulations/").status_code == 200
    assert "done, and told by mail" in act(admin, action, stage.officer)
    assert own.get("/circulations/").status_code == 302
    steps = Authenticator.objects.filter(user=stage.officer).count()
    assert steps == (0 if action == "take_second_steps" else 2)
    entry = AuditEntry.objects.get(action=ACTIONS[action])
    assert (entry.actor, entry.subject_ref) == (stage.admin, str(stage.officer.pk))
    assert entry.detail == {"reason": "Seen on video; phone stolen."}
    notice = Notice.objects.get()
    assert (notice.address, notice.is_secret) == (stage.officer.email, True)
    assert "/accounts/login/" in notice.body
    assert admin.get(PAGE).status_code == 200


@pytest.mark.parametrize("action", BOTH)
@pytest.mark.parametrize(
    ("by", "to", "reason", "sentence"),
    [
        ("admin", "officer", " ", "Write why"),
        ("admin", "admin", "Mine", "your own account"),
        ("manager", "officer", "Lost", "Only an administrator"),
    ],
)
def test_refused_leaves_everything(stage: Stage, action: str, by: str, to: str, reason: str, sentence: str) -> None:
    person = getattr(stage, to)
    with_app(person)
    with pytest.raises(NotAllowed, match=sentence):
        getattr(services, action)(person.pk, reason=reason, actor=getattr(stage, by))
    assert Authenticator.objects.filter(user=person).count() == 2
    assert not AuditEntry.objects.filter(action__startswith="account.").exists()
    assert not Notice.objects.exists()


def test_of_two_chosen_the_refused_one_is_said_and_the_other_is_done(stage: Stage) -> None:
    page = act(signed_in(stage.admin), "sign_out_everywhere", stage.admin, stage.officer)
    assert "This is your own account" in page
    assert "done, and told by mail" in page
    assert AuditEntry.objects.filter(action="account.sessions_ended").count() == 1


def test_without_a_reason_the_page_says_so(stage: Stage) -> None:
    assert "Write why" in act(signed_in(stage.admin), "take_second_steps", stage.officer, reason="")


def test_the_form_of_an_account_shows_language_and_the_day_it_was_deleted(stage: Stage) -> None:
    page = signed_in(stage.admin).get(f"{PAGE}{stage.officer.pk}/change/").content.decode()
    assert 'name="language"' in page
    assert "Deleted at" in page
