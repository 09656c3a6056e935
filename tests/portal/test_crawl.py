"""No word of one participant reaches another, no count reaches anybody before the end, and looking changes nothing."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from documents.models import Document
from endorsements.enums import PositionKind
from endorsements.models import Circulation
from meetings.models import Meeting
from members.models import Participant, User
from notifications.models import Notice
from portal.public import public_home_context
from tests.portal.access import PERSONAS
from tests.portal.crawler import addresses, body_of, starts, walk
from tests.portal.test_access import check_headers, table_states
from tests.portal.worlds import MARKERS, UNSEEN, Worlds, make_worlds

pytestmark = pytest.mark.django_db
SEARCHED = ["Z"]
"""Beginnings of the words: a page may repeat what was searched for, not what it was not told."""


@pytest.fixture
def worlds(db: None) -> Worlds:
    return make_worlds()


def first_of_all(worlds: Worlds) -> list[str]:
    """Every address with every row, and each list asked for beginnings of the words and as a file."""
    lists = [reverse(name) for name, parts in addresses() if not parts]
    searched = [f"{one}?q={word}&search={word}" for one in lists for word in SEARCHED]
    return [*starts(worlds), *searched, "/members/?format=csv"]


def found_by(worlds: Worlds, persona: str, client: Client | None = None) -> dict[str, set[str]]:
    """Word → addresses on which this person came upon it."""
    client = client or worlds.client(persona)
    found: dict[str, set[str]] = defaultdict(set)
    with override_settings(MFA_REQUIRED=persona == "officer_of_one_step"):
        for path, response, text in walk(client, first_of_all(worlds)):
            check_headers(path, response)
            assert response.headers["Referrer-Policy"] == "same-origin", path
            for word in MARKERS:
                if word in text:
                    found[word].add(path)
    return found


def test_nobody_comes_upon_a_foreign_word_and_looking_changes_nothing(worlds: Worlds) -> None:
    clients = {persona: worlds.client(persona) for persona in PERSONAS}
    before = table_states()
    seen: dict[str, set[str]] = defaultdict(set)
    faults = []
    for persona, client in clients.items():
        for word, pages in found_by(worlds, persona, client).items():
            seen[word].add(persona)
            if persona not in MARKERS[word]:
                faults.append(f"{persona} finds {word} at {sorted(pages)[:3]}")
    after = table_states()
    assert not faults, "\n".join(faults)
    assert not {table for table in before if before[table] != after[table]}, "looking changed these tables"
    unseen = {word for word, may in MARKERS.items() if may and not seen[word]}
    assert unseen == UNSEEN, "a word that nobody finds proves nothing"


OPENED: dict[str, tuple[str, Callable[..., Any], str, str]] = {
    "circulations": (
        "endorsements.access.visible_to",
        lambda reader: Circulation.objects.all(),
        "outsider",
        "Zfirsttitle",
    ),
    "board": ("endorsements.access.sees_board", lambda reader, circulation: True, "other", "Zaaproposal"),
    "documents": ("documents.access.visible_to", lambda reader: Document.objects.all(), "stranger", "Zdrafttitle"),
    "meetings": (
        "meetings.access.visible_to meetings.access.meetings.visible_to",
        lambda reader: Meeting.objects.all(),
        "anonymous",
        "Zclosedmeeting",
    ),
    "newcomers": (
        "portal.directory.participants.participants_visible_to",
        lambda reader: Participant.objects.all(),
        "observer",
        "Znewcomer",
    ),
}
"""Door → how it stands open, who then comes upon what."""


@pytest.mark.parametrize("door", OPENED)
def test_twin_an_open_door_is_found(door: str, worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    places, opened, persona, word = OPENED[door]
    assert persona not in MARKERS[word]
    for place in places.split():
        monkeypatch.setattr(place, opened)
    assert word in found_by(worlds, persona)


def test_twin_a_page_that_writes_is_found(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    def writing() -> dict[str, Any]:
        Participant.objects.update(city="Elsewhere")
        return public_home_context()

    monkeypatch.setattr("portal.views.public_home_context", writing)
    before = table_states()
    list(walk(Client(), [reverse("public-home")]))
    after = table_states()
    assert {table for table in before if before[table] != after[table]} == {"members_participant"}


def readers_of_mail(worlds: Worlds) -> dict[str, str]:
    """Address → who reads there."""
    people = {name: getattr(worlds.stage, name) for name in [*PERSONAS[1:], "third", "org_person"]}
    return {User.objects.get(pk=one.pk).email: name for name, one in people.items()} | {
        "zaaministry@aa.example": "focal_point",
        "one.step@members.example": "officer",
    }


def test_no_mail_carries_a_foreign_word(worlds: Worlds) -> None:
    readers, faults, seen = readers_of_mail(worlds), [], set()
    for notice in Notice.objects.filter(is_secret=False):
        text = notice.subject + notice.body
        for word, may in MARKERS.items():
            if word in text:
                seen.add(word)
                if readers[User.objects.get(pk=notice.user_id).email if notice.user_id else notice.address] not in may:
                    faults.append(f"{word} went to {notice.address}: {notice.subject}")
    assert not faults
    assert seen, "no word went out by mail: that proves nothing"


def test_search_does_not_tell_whether_an_unseen_name_exists(worlds: Worlds) -> None:
    """The page for a name one may not know is the page for a name that nobody has."""
    for persona in ["anonymous", "focal_point", "observer"]:
        client = worlds.client(persona)
        lists = [reverse(name) for name, parts in addresses() if not parts]
        for path in [one for one in lists if not one.startswith(("/healthz", "/accounts/"))]:
            answers = [client.get(f"{path}?q={word}") for word in ("Znewcomer", "Zneverwas")]
            known, unknown = (settled(body_of(one).decode("utf-8", "replace")) for one in answers)
            assert known.replace("Znewcomer", "Zneverwas") == unknown, f"{persona} at {path}"


NEVER_THE_SAME = [
    (r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "KEY"),
    (r"(challenge&quot;: &quot;)[\w-]+", r"\1"),
    (r"\b[A-Z2-7]{32}\b", "SECRET OF AN APP"),
    (r"(?s)^%PDF-.*", "A FILE THAT CARRIES THE MINUTE IT WAS MADE"),
    (r"DTSTAMP:\w+", "WHEN THE CALENDAR WAS MADE"),
    (r"(?s)^PK\x03\x04.*", "THE SAME AS A WORD DOCUMENT OR A SHEET"),
    (r"data:image/svg\+xml;base64,[\w+/=]+", "ITS PICTURE"),
]


def settled(text: str) -> str:
    """A page without what differs from answer to answer."""
    for pattern, instead in NEVER_THE_SAME:
        text = re.sub(pattern, instead, text)
    return text


SEE_NO_COUNT = ["anonymous", "outsider", "reviewer", "focal_point", "other_chair"]


NO_COUNT_THERE = ("/outbox/", "/documents/", "/healthz", "/accounts/", "/admissions/", "/theme/")


def pages_of(worlds: Worlds, first: list[str], personas: list[str]) -> dict[tuple[str, str], str]:
    """Every page of those who must not know how many replied."""
    found = {}
    for persona in personas:
        for path, response, _ in walk(worlds.client(persona), first):
            found[persona, path] = settled(body_of(response).decode("utf-8", "replace"))
    return found


def reply_as_others(worlds: Worlds) -> None:
    """Three participants reply, each in another way; nothing ends."""
    stage = worlds.stage
    for person, of, kind in [
        (stage.other, stage.states[1], PositionKind.ENDORSE_WITH_PROPOSALS),
        (stage.third, stage.states[2], PositionKind.MORE_TIME),
        (stage.other, stage.states[1], PositionKind.NO_POSITION),
    ]:
        stage.reply(worlds.running, kind, by=person, of=of)


def differing(worlds: Worlds, personas: list[str]) -> list[tuple[str, str]]:
    """Pages that are not the same with no reply of others and with three."""
    first = [one for one in starts(worlds) if not one.startswith(NO_COUNT_THERE)]
    before = pages_of(worlds, first, personas)
    reply_as_others(worlds)
    after = pages_of(worlds, first, personas)
    assert len(before) > 40 * len(personas)
    return [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]


def test_pages_are_the_same_with_no_reply_of_others_and_with_three(worlds: Worlds) -> None:
    assert not differing(worlds, SEE_NO_COUNT)


def test_twin_a_board_that_all_see_tells_the_count(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endorsements.access.sees_board", lambda reader, circulation: True)
    assert ("focal_point", worlds.running.get_absolute_url()) in differing(worlds, ["focal_point"])
