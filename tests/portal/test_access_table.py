"""The table of who may do what agrees with the matrix, names every address, and is the page of the documentation."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from portal.accesstable import OF_NO_RIGHT, OWN_ACCOUNT, ROLES, Deed, as_markdown, cells
from portal.deeds import SECTIONS
from tests.factories.circulations import Stage
from tests.portal import access

COLUMNS = {
    "anonymous": "Public",
    "observer": "Observer delegate",
    "reviewer": "Reviewer",
    "alternate": "Alternate",
    "focal_point": "Focal point",
    "group_chair": "Co-chair of the body",
    "co_chair": "Co-chair of the forum",
    "officer": "Officer",
    "manager": "Manager",
    "admin": "Administrator",
}
"""Person of the matrix → column of the table."""
MATRIX = access.read_table()
DEEDS = [(section, deed) for section in SECTIONS for deed in section.deeds]


def may(deed: Deed, state: str, persona: str) -> bool:
    return cells(deed, state)[list(ROLES).index(COLUMNS[persona])]


def answer_of(name: str, persona: str) -> str:
    """Of the methods that the address takes, the answer of the one that does most."""
    post, get = (MATRIX[name, method, persona] for method in ("POST", "GET"))
    return get if post == "405" or (persona == "anonymous" and get == "302") else post


def is_let_in(name: str, persona: str) -> bool:
    answer = answer_of(name, persona)
    return answer == "200" or (answer == "302" and persona != "anonymous")


def test_every_address_is_in_the_table_or_of_no_right() -> None:
    named = {name for _, deed in DEEDS for name in deed.addresses} | set(OF_NO_RIGHT)
    ours = {name for name in access.names() if not name.startswith(OWN_ACCOUNT)}
    assert ours == named, "portal/deeds.py: a deed for each new address, or a line in OF_NO_RIGHT"


@pytest.mark.parametrize(("section", "deed"), DEEDS, ids=[deed.words for _, deed in DEEDS])
def test_who_is_let_in_may_and_who_never_may_is_not_let_in(section: object, deed: Deed) -> None:
    """The matrix shows one state of each thing; whoever it lets in may in some state, and whoever may in every state of
    the table is let in."""
    states = [state for state, _ in section.states]  # type: ignore[attr-defined]
    for name in deed.addresses:
        for persona in COLUMNS:
            answers = {may(deed, state, persona) for state in states}
            if is_let_in(name, persona):
                assert True in answers, f"the matrix lets {persona} into {name}"
            elif not deed.names_whom:
                assert False in answers, f"the matrix keeps {persona} out of {name}"


def test_the_documentation_is_what_the_code_says() -> None:
    path = Path(settings.BASE_DIR) / "docs" / "access.md"
    assert path.read_text(encoding="utf-8") == as_markdown(SECTIONS), "run manage.py accesstable"


def test_twin_another_answer_of_one_question_is_another_table(monkeypatch: pytest.MonkeyPatch) -> None:
    before = as_markdown(SECTIONS)
    monkeypatch.setattr("endorsements.access.sees_board", lambda reader, circulation: True)
    assert as_markdown(SECTIONS) != before


@pytest.mark.django_db
def test_page_shows_the_table_to_staff_alone(client: Client) -> None:
    stage = Stage()
    for person, status in [(stage.focal_point, 404), (stage.admin, 404), (stage.officer, 200), (stage.manager, 200)]:
        client.force_login(person)
        response = client.get("/access/")
        assert response.status_code == status, person
    text = re.sub(r"\s+", " ", response.content.decode())
    assert text.count("<h2") == len(SECTIONS)
    assert "Record the approval, which opens it" in text
    row = text.split("Record the approval, which opens it")[1].split("</tr>")[0]
    assert "Manager" in row
    assert "Officer" not in row
