"""Where a person is signed in: each session listed, one ended, all others ended."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from members.models import User
from tests.factories.directory import ForumFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "three words apart"
LIST = "/accounts/sessions/"


@pytest.fixture(autouse=True)
def no_rate_limit_left_over() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    ForumFactory()
    person: User = UserFactory(email="focal@mfa.example", password=PASSWORD)
    return person


def signed_in(browser: str, email: str = "focal@mfa.example") -> Client:
    client = Client(headers={"user-agent": browser})
    assert client.post("/accounts/login/", {"login": email, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(LIST).status_code == 200


def test_each_session_is_listed_with_its_browser_and_no_key(user: User) -> None:
    here, there = signed_in("Browser of the office"), signed_in("<b>Phone</b>")
    page = here.get(LIST).content.decode()
    assert "Browser of the office" in page
    assert "&lt;b&gt;Phone&lt;/b&gt;" in page
    assert "this one" in page
    for client in (here, there):
        assert str(client.session.session_key) not in page


def test_a_session_that_is_ended_is_signed_out_at_its_next_request(user: User) -> None:
    here, there = signed_in("Office"), signed_in("Phone")
    pk = UserSession.objects.get(user_agent="Phone").pk
    assert here.get(reverse("usersession_end", args=[pk])).status_code == 405
    assert is_in(there)
    assert here.post(reverse("usersession_end", args=[pk])).url == LIST
    assert not is_in(there)
    assert is_in(here)
    assert "Phone" not in here.get(LIST).content.decode()


def test_all_others_are_ended_at_once(user: User) -> None:
    here, *others = [signed_in(name) for name in ("Office", "Phone", "Home")]
    assert here.post(LIST).url == LIST
    assert is_in(here)
    assert not any(is_in(one) for one in others)


def test_nobody_ends_the_session_of_another(user: User) -> None:
    UserFactory(email="other@mfa.example", password=PASSWORD)
    theirs = signed_in("Theirs", "other@mfa.example")
    mine = signed_in("Mine")
    pk = UserSession.objects.get(user_agent="Theirs").pk
    assert mine.post(reverse("usersession_end", args=[pk])).status_code == 404
    assert "Theirs" not in mine.get(LIST).content.decode()
    assert is_in(theirs)


def test_the_session_of_this_page_ends_by_signing_out(user: User) -> None:
    here = signed_in("Office")
    pk = UserSession.objects.get().pk
    page: Any = here.post(reverse("usersession_end", args=[pk]), follow=True)
    assert "Sign out to end it." in page.content.decode()
    here.post(reverse("account_logout"))
    assert not is_in(here)


def test_a_changed_password_ends_the_others_and_keeps_this_one(user: User) -> None:
    here, there = signed_in("Office"), signed_in("Phone")
    new = {"oldpassword": PASSWORD, "password1": "four other words here", "password2": "four other words here"}
    assert here.post(reverse("account_change_password"), new).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert "Phone" not in here.get(LIST).content.decode()
