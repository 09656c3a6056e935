"""Each page that is not for everyone says in its head who reads it, and to the reader why this one may."""

import re
from html import unescape

import pytest

from portal import readers
from portal.readers import sentence_of
from tests.portal import access
from tests.test_architecture import OPEN_TO_ALL

pytestmark = pytest.mark.django_db
HEAD = re.compile(r'<header class="dochead">.*?</header>', re.DOTALL)
WORDS = re.compile(
    r"Secretariat|Managers|Members only|Only |By invitation only|Focal point|Restricted|restricted|Public|read"
)
OWN = ("account", "mfa_", "usersession", "home")
"""Pages of the own account and the own desk: nobody else has the same."""
AS = {
    "officer": "You read this page as Officer",
    "manager": "You read this page as Manager",
    "focal_point": "You read this page as Focal point, Aland",
    "co_chair": "You read this page as Co-chair, Borland",
}
NO_PAGES = {"notifications:text-mail", "endorsements:circulation-live"}
"""A message as a mail program shows it, and the parts of a page that has head and foot already."""
EITHER = "Everyone|You alone|each person|Whoever holds the link"
NAMED = {
    "officer": f"secretariat|officers|{EITHER}",
    "manager": f"secretariat|[Mm]anagers|{EITHER}",
    "focal_point": f"[Ff]ocal points|{EITHER}",
    "co_chair": f"[Cc]o-chairs|{EITHER}",
}
"""What the sentence at the foot says of those who read the page."""


@pytest.mark.parametrize("persona", AS)
def test_each_restricted_page_says_who_reads_it_and_as_what_one_does(persona: str) -> None:
    world = access.make_world()
    client = world.client(persona)
    faults, looked = [], 0
    for name in access.names():
        if name in NO_PAGES:
            continue
        response = client.get(world.path(name))
        if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
            continue
        text = response.content.decode()
        looked += 1
        sentence = sentence_of(name)
        if not re.search(NAMED[persona], sentence) or sentence.split(readers.OWN)[0] not in unescape(text):
            faults.append(f"{name} does not say at its foot that {persona} reads it: {sentence}")
        if AS[persona] not in text:
            faults.append(f"{name} does not say as what {persona} reads it")
        if name in OPEN_TO_ALL or name.startswith(OWN):
            continue
        head = HEAD.search(text)
        if head is None or not WORDS.search(head[0]):
            faults.append(f"{name} does not say in its head who reads it")
    assert looked > 10
    assert not faults, "\n".join(faults)


def test_every_address_has_its_sentence() -> None:
    """Of the whole resolver, from the questions that the pages ask; without a line in portal/deeds.py there is none."""
    assert not [name for name in access.names() if not sentence_of(name)]
    assert sentence_of("endorsements:register-export") == "Managers read this page."
    assert sentence_of("notifications:outbox") == "The secretariat reads this page."
    table = sentence_of("meetings:attendance-table")
    assert (
        table
        == "Everyone who is signed in reads this page. It shows the meetings whose attendance the reader may know."
    )
    assert sentence_of("members:admission-list") == "Co-chairs of the forum and the secretariat read this page."


def test_twin_another_answer_of_a_question_is_another_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("members.access.sees_admissions", lambda reader: reader.is_signed_in)
    other = readers.sentence_of.__wrapped__("members:admission-list")
    assert other == "Everyone who is signed in reads this page."


def test_a_page_of_one_participant_names_it_and_an_error_page_tells_nothing() -> None:
    world = access.make_world()
    focal_point = world.client("focal_point")
    page = focal_point.get(world.path("handover-detail")).content.decode()
    assert "Focal points, alternates and reviewers of Aland read this page. You read this page as" in page
    for name in ("access-table", "endorsements:register-export"):
        response = focal_point.get(world.path(name))
        assert response.status_code in (403, 404)
        assert "this page. You" not in response.content.decode()
