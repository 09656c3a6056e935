"""The pages that show the secretariat every text: all kinds, both forms, nothing inside that the policy forbids."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from members.models import User
from notifications.models import Notice
from notifications.texts import samples
from tests.factories.directory import AppointmentFactory, ForumFactory, UserFactory

pytestmark = pytest.mark.django_db
ALL = list(samples())


@pytest.fixture
def officer(client: Client) -> User:
    ForumFactory()
    person: User = AppointmentFactory(role="officer", participant=None).user
    client.force_login(person)
    return person


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_every_variant_is_in_the_list_with_its_subject(client: Client, officer: User) -> None:
    words = text(client.get("/outbox/texts/"))
    for one in ALL:
        assert f"{one.name} {one.letter().subject}" in words
    assert "Texts of notices" in text(client.get("/outbox/"))


@pytest.mark.parametrize("one", ALL, ids=[one.slug for one in ALL])
def test_each_is_shown_as_plain_text_and_as_html(client: Client, officer: User, one: Any) -> None:
    letter = one.letter()
    page = client.get(f"/outbox/texts/{one.slug}/")
    words = text(page)
    assert words.count(" ".join(letter.body.split("\n\n")[1].split())[:60]) >= 1
    assert page.content.decode().count("<h1") == 1
    mail = client.get(f"/outbox/texts/{one.slug}/mail/")
    assert letter.subject in text(mail)
    assert "<style" not in mail.content.decode()
    assert re.search(r'<link rel="stylesheet" href="[^"]*mail[^"]*\.css">', mail.content.decode())
    assert not Notice.objects.exists()


def test_no_such_variant_is_not_found(client: Client, officer: User) -> None:
    for path in ("/outbox/texts/nothing/", "/outbox/texts/nothing/mail/"):
        assert client.get(path).status_code == 404


def test_others_do_not_know_of_them(client: Client) -> None:
    ForumFactory()
    client.force_login(UserFactory())
    for path in ("/outbox/texts/", "/outbox/texts/opened/", "/outbox/texts/opened/mail/"):
        assert client.get(path).status_code == 404
