"""The second step: codes of an app, recovery codes, who must have one, and the door that stays shut until then."""

import json
import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from members.models import User
from notifications.models import Notice
from portal.middleware import WITHOUT_SECOND_STEP
from tests.factories.accounts import code_of, recovery_codes_of, with_app
from tests.factories.circulations import Stage
from tests.factories.directory import AppointmentFactory, ForumFactory, UserFactory
from tests.portal import access

pytestmark = pytest.mark.django_db
PASSWORD = "three words apart"
LOGIN, STEP, SET_UP = "/accounts/login/", "/accounts/login/second-step/", "/accounts/second-step/"
WRONG = "This does not fit, or it was used already."
NOON = "2026-11-24 12:00:00Z"


@pytest.fixture(autouse=True)
def no_rate_limit_left_over() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    ForumFactory()
    person: User = UserFactory(email="focal@mfa.example", password=PASSWORD)
    return person


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def password(client: Client, **more: str) -> Any:
    return client.post(LOGIN, {"login": "focal@mfa.example", "password": PASSWORD, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_alone_does_not_sign_in_who_has_an_app(client: Client, user: User) -> None:
    secret = with_app(user)
    assert password(client, next="/meetings/").url == STEP
    assert not is_in(client)
    page = text(client.get(STEP))
    assert "<h1>Second step</h1>" in page
    assert "data-passkey" not in page, "who has no passkey is not asked for one"
    assert WRONG in text(client.post(STEP, {"code": "000000"}))
    assert client.post(STEP, {"code": code_of(secret)}).url == "/meetings/"
    assert is_in(client)


def test_the_second_step_alone_is_no_way_in(client: Client, user: User) -> None:
    secret = with_app(user)
    assert client.get(STEP).url == LOGIN
    assert client.post(STEP, {"code": code_of(secret)}).url == LOGIN
    assert not is_in(client)


def test_a_code_is_taken_once_in_all_the_time_it_is_valid(user: User) -> None:
    secret = with_app(user)
    with time_machine.travel(NOON, tick=False) as clock:
        code = code_of(secret)
        clients = [Client() for _ in range(3)]
        for client in clients:
            password(client)
        assert clients[0].post(STEP, {"code": code}).status_code == 302
        assert WRONG in text(clients[1].post(STEP, {"code": code}))
        clock.shift(29)
        assert WRONG in text(clients[2].post(STEP, {"code": code}))
        clock.shift(31)
        assert code_of(secret) != code


def test_a_code_of_a_minute_ago_is_not_taken(client: Client, user: User) -> None:
    secret = with_app(user)
    with time_machine.travel(NOON, tick=False) as clock:
        code = code_of(secret)
        clock.shift(65)
        password(client)
        assert WRONG in text(client.post(STEP, {"code": code}))


def test_a_recovery_code_works_once(user: User) -> None:
    with_app(user)
    code = recovery_codes_of(user)[0]
    first, second = Client(), Client()
    for one in (first, second):
        password(one)
    assert first.post(STEP, {"code": code}).url == "/"
    assert WRONG in text(second.post(STEP, {"code": code}))
    assert len(recovery_codes_of(user)) == 9


def test_ten_wrong_codes_meet_a_clear_sentence_and_then_even_the_right_one(client: Client, user: User) -> None:
    secret = with_app(user)
    password(client)
    said = [text(client.post(STEP, {"code": f"{n:06}"})) for n in range(10)]
    assert all(WRONG in one for one in said[:5])
    assert all("rests for 15 minutes" in one for one in said[5:])
    assert "rests for 15 minutes" in text(client.post(STEP, {"code": code_of(secret)}))
    assert not is_in(client)


@pytest.mark.parametrize("credential", ["", "x", "{}", "[]", "null", '"a"', '{"id": "\\u0000"}', '{"response": 1}'])
@pytest.mark.parametrize("place", ["sign-in", "second step", "add", "again"])
def test_a_broken_answer_of_a_device_is_refused(client: Client, user: User, credential: str, place: str) -> None:
    with_app(user)
    if place == "sign-in":
        client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
        response = client.post(reverse("mfa_login_webauthn"), {"credential": credential}, follow=True)
        assert response.status_code == 200
        assert not is_in(client)
    elif place == "second step":
        password(client)
        client.get(STEP)
        assert "Error: second step" in text(client.post(STEP, {"credential": credential}))
        assert not is_in(client)
    elif place == "add":
        client.force_login(user)
        client.get(reverse("mfa_add_webauthn"))
        assert "Error: add" in text(client.post(reverse("mfa_add_webauthn"), {"credential": credential, "name": "x"}))
        assert not Authenticator.objects.filter(type="webauthn").exists()
    else:
        client.force_login(user)
        client.get(reverse("mfa_add_webauthn"))
        response = client.post(reverse("mfa_reauthenticate_webauthn"), {"credential": credential})
        assert response.status_code == 302, "who has no passkey cannot prove anything with one"


def test_the_question_for_a_passkey_tells_nothing_about_accounts(client: Client, user: User) -> None:
    answer = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    asked = json.loads(answer.content)["request_options"]["publicKey"]
    assert (asked["rpId"], asked["userVerification"]) == ("localhost", "required")
    assert not asked.get("allowCredentials")
    assert client.get(reverse("mfa_login_webauthn")).url == LOGIN


def test_set_up_an_app_then_see_recovery_codes(client: Client, user: User) -> None:
    client.force_login(user)
    path = reverse("mfa_activate_totp")
    page = text(client.get(path))
    found = re.search(r">([A-Z2-7]{32})<", page)
    assert found
    assert 'src="data:image/svg+xml;base64,' in page
    assert WRONG in text(client.post(path, {"code": "000000"}))
    with pytest.MonkeyPatch.context():
        response = client.post(path, {"code": code_of(found[1])})
    assert response.url == reverse("mfa_view_recovery_codes")
    kept = Authenticator.objects.get(type="totp")
    assert found[1] not in json.dumps(kept.data), "the secret lies encrypted"
    page = text(client.get(response.url))
    assert all(code in page for code in recovery_codes_of(user))
    assert client.get(reverse("mfa_download_recovery_codes")).content.decode().split() == recovery_codes_of(user)


def test_secrets_survive_a_change_of_the_key_by_its_fallback_alone(client: Client, user: User, settings: Any) -> None:
    secret = with_app(user)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the portal"
    app = Authenticator.objects.get(type="totp").wrap()
    assert not app.validate_code(code_of(secret))
    settings.SECRET_KEY_FALLBACKS = [old]
    assert app.validate_code(code_of(secret))


def test_a_change_is_told_by_mail_and_kept_in_the_audit_log(
    client: Client, user: User, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(user)
    page = text(client.get(reverse("mfa_activate_totp")))
    secret = re.search(r">([A-Z2-7]{32})<", page)
    assert secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists(), "recovery codes go with the last second step"
    notices = Notice.objects.order_by("pk")
    assert [one.subject for one in notices] == [
        "An app with codes was set up for your account",
        "The app with codes was removed from your account",
    ]
    assert {(one.address, one.user_id, one.is_secret) for one in notices} == {("focal@mfa.example", user.pk, True)}
    assert "Was it not you? Change your password at once" in notices[0].body
    deeds = AuditEntry.objects.filter(action__startswith="account.").values_list("action", flat=True)
    assert set(deeds) == {
        "account.totp_added",
        "account.recovery_codes_added",
        "account.totp_removed",
        "account.recovery_codes_removed",
    }


# --- who must have one


@pytest.fixture
def must(settings: Any) -> None:
    settings.MFA_REQUIRED = True


HELD = ["officer", "manager", "co_chair", "focal_point", "alternate", "admin"]
FREE = ["reviewer", "observer", "stranger"]


@pytest.mark.parametrize("persona", HELD)
def test_who_decides_reaches_nothing_but_the_way_to_a_second_step(must: None, persona: str) -> None:
    world = access.make_world()
    client = world.client(persona)
    asked = 0
    for name in access.names():
        if name in WITHOUT_SECOND_STEP:
            continue
        for method in ("get", "post", "head", "put"):
            response = getattr(client, method)(world.path(name))
            view = response.resolver_match.func if response.resolver_match else None
            if getattr(view, "login_required", True) or name == "home":
                assert (response.status_code, response.headers.get("Location")) == (302, SET_UP), (name, method)
                asked += 1
            elif response.context is not None and "reader" in response.context:
                assert not response.context["reader"].appointments, (name, method)
    assert asked > 100
    for path in access.admin_paths():
        if path != reverse("admin:logout"):
            response = client.get(path)
            assert response.headers.get("Location") in {SET_UP, LOGIN}, path


def test_twin_with_the_setting_off_the_same_person_goes_on(client: Client, settings: Any) -> None:
    stage = Stage()
    client.force_login(stage.officer)
    settings.MFA_REQUIRED = True
    assert client.get("/circulations/").url == SET_UP
    settings.MFA_REQUIRED = False
    assert client.get("/circulations/").status_code == 200


@pytest.mark.parametrize("persona", FREE)
def test_who_decides_nothing_needs_no_second_step(must: None, client: Client, persona: str) -> None:
    client.force_login(getattr(Stage(), persona))
    assert client.get("/").status_code == 200


def test_with_an_app_the_pages_open_and_the_last_step_stays(must: None, client: Client) -> None:
    stage = Stage()
    client.force_login(stage.officer)
    page = text(client.get(SET_UP))
    assert "Set up a second step" in page
    assert "Your role decides for others, so a password alone is not enough." in page
    with_app(stage.officer)
    assert client.get("/circulations/").status_code == 200
    assert "Your role needs a second step." in text(client.post(reverse("mfa_deactivate_totp")))
    assert Authenticator.objects.filter(user=stage.officer, type="totp").exists()


def test_recovery_codes_alone_are_no_second_step(must: None, client: Client) -> None:
    stage = Stage()
    with_app(stage.officer)
    Authenticator.objects.filter(type="totp").delete()
    client.force_login(stage.officer)
    assert client.get("/circulations/").url == SET_UP


def test_a_passkey_is_the_second_step_of_its_owner_alone(client: Client, user: User) -> None:
    other: User = UserFactory()
    Authenticator.objects.create(user=other, type="webauthn", data={"name": "Phone", "credential": {}})
    pk = Authenticator.objects.get().pk
    AppointmentFactory(user=user, role="officer")
    client.force_login(user)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        for method in (client.get, client.post):
            assert method(reverse(name, args=[pk]), {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "Phone"


def test_the_last_passkey_stays_too(must: None, client: Client) -> None:
    stage = Stage()
    key = Authenticator.objects.create(user=stage.officer, type="webauthn", data={"name": "Phone", "credential": {}})
    client.force_login(stage.officer)
    path = reverse("mfa_remove_webauthn", args=[key.pk])
    assert "“Phone” will not sign you in any more." in text(client.get(path))
    assert "Set up another one first" in text(client.post(path, follow=True))
    with_app(stage.officer)
    assert "The passkey is removed." in text(client.post(path, follow=True))
    assert "Add a passkey" in text(client.get(SET_UP))


def test_a_name_of_a_passkey_may_be_in_any_script_and_not_endless(client: Client, user: User) -> None:
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Phone", "credential": {}})
    client.force_login(user)
    path = reverse("mfa_edit_webauthn", args=[key.pk])
    assert "Type a name." in text(client.post(path, {"name": " "}))
    assert "Error: name" in text(client.post(path, {"name": "x" * 61}))
    client.post(path, {"name": "โทรศัพท์"})
    assert "โทรศัพท์" in text(client.get(SET_UP))
