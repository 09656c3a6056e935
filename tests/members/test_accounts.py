"""Sign-in, passwords, and that nobody learns from an answer who has an account."""

import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from members.models import User
from notifications.enums import Kind, NoticeState
from notifications.models import Notice
from tests.factories.circulations import Stage
from tests.factories.directory import AppointmentFactory, ForumFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "three words apart"
SENTENCE = "The address and the password do not go together."
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_rate_limit_left_over() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    ForumFactory()
    person: User = UserFactory(email="focal@mfa.example")
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, email: str, password: str, **extra: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_sign_in(client: Client, user: User) -> None:
    response = sign_in(client, "Focal@MFA.example ", PASSWORD)
    assert (response.status_code, response.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.get_expire_at_browser_close()


def test_sign_in_page_has_no_remember_no_sign_up_and_describes_both_fields(client: Client, user: User) -> None:
    page = text(client.get(LOGIN))
    assert "<title>Sign in" in page
    assert 'type="email" name="login"' in page or 'name="login"' in page
    assert "remember" not in page
    assert "signup" not in page
    assert "No account?" in page
    assert "placeholder" not in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("email", ["focal@mfa.example", "nobody@mfa.example"])
def test_sign_in_wrong_says_one_sentence_and_keeps_the_address(client: Client, user: User, email: str) -> None:
    response = sign_in(client, email, "something else")
    page = text(response)
    assert response.status_code == 200
    assert "<title>Error: sign in" in page
    assert 'role="alert"' in page
    assert f'<p class="mb-1 mt-2">{SENTENCE}</p>' in page
    assert '<a href="#id_password">Type the password again</a>' in page
    assert '<a href="#id_login">Check the e-mail address</a>' in page
    assert f'value="{email}"' in page
    assert "something else" not in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_password_error"' in page
    assert "_auth_user_id" not in client.session


def test_sign_in_answers_known_unknown_and_suspended_alike(client: Client, user: User) -> None:
    pages = set()
    for email, password, is_active in [
        ("focal@mfa.example", "wrong", True),
        ("other@mfa.example", "wrong", True),
        ("focal@mfa.example", PASSWORD, False),
    ]:
        User.objects.update(is_active=is_active)
        response = sign_in(client, email, password)
        assert response.status_code == 200
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(response)).replace(email, "ADDRESS"))
    assert len(pages) == 1


def test_sign_in_empty_fields_each_say_what_to_do(client: Client, user: User) -> None:
    page = text(sign_in(client, "", ""))
    assert '<a href="#id_login">Type your e-mail address.</a>' in page
    assert '<a href="#id_password">Type the password.</a>' in page


def test_sign_in_rests_after_five_wrong_tries_even_with_the_right_password(client: Client, user: User) -> None:
    for _ in range(5):
        assert SENTENCE in text(sign_in(client, "focal@mfa.example", "wrong"))
    assert "rests for 15 minutes" in text(sign_in(client, "focal@mfa.example", PASSWORD))


def test_sign_in_of_a_suspended_account_counts_as_a_wrong_try(client: Client, user: User) -> None:
    User.objects.update(is_active=False)
    for _ in range(4):
        assert SENTENCE in text(sign_in(client, "focal@mfa.example", PASSWORD))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/meetings/", "/meetings/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_sign_in_next_stays_on_the_portal(client: Client, user: User, target: str, lands: str) -> None:
    assert f'name="next" value="{target}"' in text(client.get(LOGIN, {"next": target}))
    assert sign_in(client, "focal@mfa.example", PASSWORD, next=target).url == lands


def test_sign_out_is_post_only(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.session["_auth_user_id"]
    assert client.post("/accounts/logout/").url == "/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "password/set/", "login/code/confirm/"])
def test_no_sign_up_and_no_management_of_addresses(client: Client, user: User, path: str) -> None:
    client.force_login(user)
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password"])
def test_no_such_names(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def ask(client: Client, email: str) -> Any:
    return client.post(reverse("account_reset_password"), {"email": email}, headers={"host": "localhost"})


def link_in(notice: Notice) -> str:
    found = re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+)", notice.body)
    assert found, notice.body
    return found[1]


def test_reset_goes_to_the_outbox_as_a_secret_and_to_no_page(client: Client, user: User) -> None:
    response = ask(client, "focal@mfa.example")
    assert response.url == reverse("account_reset_password_done")
    notice = Notice.objects.get()
    assert (notice.kind, notice.is_secret, notice.state) == (Kind.ACCOUNT, True, NoticeState.QUEUED)
    assert (notice.address, notice.user_id) == ("focal@mfa.example", user.pk)
    assert notice.subject == "Choose a new password within 3 days"
    key = link_in(notice).split("/")[-2]
    assert key not in text(client.get(response.url))
    AppointmentFactory(user=user, role="officer", participant=None)
    client.force_login(user)
    detail = text(client.get(notice.get_absolute_url()))
    assert "carries a set-up link. It is never shown" in detail
    assert key not in detail
    assert key not in text(client.get(reverse("notifications:outbox")))


def test_reset_known_unknown_and_suspended_answer_alike(client: Client, user: User) -> None:
    answers = set()
    for email, is_active in [("focal@mfa.example", True), ("nobody@mfa.example", True), ("focal@mfa.example", False)]:
        User.objects.update(is_active=is_active)
        response = ask(client, email)
        answers.add((response.status_code, response.url, text(client.get(response.url))))
    assert len(answers) == 1
    assert Notice.objects.count() == 1, "only the known and active one gets mail"


def test_reset_known_and_unknown_take_the_same_time(client: Client, user: User) -> None:
    for email in ("focal@mfa.example", "nobody@mfa.example"):
        begun = time.monotonic()
        ask(client, email)
        assert 0.25 <= time.monotonic() - begun < 1.5


def test_reset_of_a_sample_person_says_sample(client: Client, user: User) -> None:
    User.objects.update(is_sample=True)
    ask(client, "focal@mfa.example")
    assert Notice.objects.get().subject.startswith("Sample: ")


def test_reset_link_uses_nothing_up_by_get_and_works_once(client: Client, user: User) -> None:
    ask(client, "focal@mfa.example")
    link = link_in(Notice.objects.get())
    for _ in range(2):
        form = client.get(link, follow=True)
        assert "<h1>Choose a password</h1>" in text(form)
        Client().head(link)
    address = form.redirect_chain[-1][0]
    assert "set-password" in address
    assert "Error: choose a password" in text(client.post(address, {"password1": "short", "password2": "short"}))
    new = {"password1": "four other words here", "password2": "four other words here"}
    assert client.post(address, new).url == reverse("account_reset_password_from_key_done")
    user.refresh_from_db()
    assert user.check_password("four other words here")
    assert "This link no longer works" in text(Client().get(link, follow=True))
    assert sign_in(client, "focal@mfa.example", "four other words here").status_code == 302


def test_reset_is_limited_and_says_so(client: Client, user: User) -> None:
    for _ in range(5):
        assert ask(client, "focal@mfa.example").status_code == 302
    response = ask(client, "focal@mfa.example")
    assert response.status_code == 429
    assert "Too many tries" in text(response)


def test_change_password_asks_for_the_present_one_and_ends_other_sessions(client: Client, user: User) -> None:
    other = Client()
    other.force_login(user)
    client.force_login(user)
    path = reverse("account_change_password")
    new = {"oldpassword": "wrong", "password1": "four other words here", "password2": "four other words here"}
    page = text(client.post(path, new))
    assert "This is not your present password. Type it again." in page
    assert "Error: change password" in page
    response = client.post(path, {**new, "oldpassword": PASSWORD})
    assert response.url == reverse("mfa_index")
    assert client.get(path).status_code == 200, "who changed it stays signed in"
    assert other.get(path).status_code == 302, "all other sessions have ended"


def test_change_password_needs_sign_in(client: Client, user: User) -> None:
    assert client.get(reverse("account_change_password")).url.startswith(LOGIN)


def test_sign_in_again(client: Client, user: User) -> None:
    sign_in(client, "focal@mfa.example", PASSWORD)
    path = reverse("account_reauthenticate")
    assert "<h1>Confirm that it is you</h1>" in text(client.get(path))
    assert "This is not your password. Type it again." in text(client.post(path, {"password": "wrong"}))
    assert client.post(path, {"password": PASSWORD, "next": "/meetings/"}).url == "/meetings/"


def test_sign_in_and_reset_take_an_international_domain_in_either_form(client: Client) -> None:
    user = UserFactory.create(email="person@xn--mnchen-3ya.example", password="correct horse battery staple")
    for typed in ("Person@MÜNCHEN.example", " person@xn--mnchen-3ya.example"):
        answer = client.post("/accounts/login/", {"login": typed, "password": "correct horse battery staple"})
        assert answer.status_code == 302, typed
        assert client.session["_auth_user_id"] == str(user.pk)
        client.logout()
    client.post("/accounts/password/reset/", {"email": "person@münchen.example"})
    assert Notice.objects.get(kind="account").address == "person@xn--mnchen-3ya.example"


def test_the_log_tells_of_sign_ins_and_refusals_and_names_nobody(
    client: Client, user: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        sign_in(client, "focal@mfa.example", "not this one")
        sign_in(client, "nobody@mfa.example", "not this one")
        sign_in(client, "focal@mfa.example", PASSWORD)
        assert client.get(reverse("people:batch-upload")).status_code in {403, 404}
        client.post(reverse("members:participant-rename", args=["nowhere"]))
    said = [record.getMessage() for record in caplog.records if record.name.startswith(("members", "portal"))]
    assert said.count("a sign-in was refused, from 127.0.0.1") == 2
    assert f"account {user.pk} signed in from 127.0.0.1" in said
    assert "mfa.example" not in caplog.text
    assert "not this one" not in caplog.text


def test_the_log_tells_of_what_was_refused(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    client.force_login(stage.officer)
    path = reverse("endorsements:circulation-approve", args=[stage.draft().ref])
    with caplog.at_level("INFO"):
        assert client.get(path).status_code == 403
    assert f"account {stage.officer.pk} was refused {path}" in caplog.text
