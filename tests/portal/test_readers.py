"""Each page that is not for everyone says in its head who reads it, and to the reader why this one may."""

import re

import pytest

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


@pytest.mark.parametrize("persona", AS)
def test_each_restricted_page_says_who_reads_it_and_as_what_one_does(persona: str) -> None:
    world = access.make_world()
    client = world.client(persona)
    faults, looked = [], 0
    for name in access.names():
        response = client.get(world.path(name))
        if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
            continue
        text = response.content.decode()
        looked += 1
        if AS[persona] not in text:
            faults.append(f"{name} does not say as what {persona} reads it")
        if name in OPEN_TO_ALL or name.startswith(OWN):
            continue
        head = HEAD.search(text)
        if head is None or not WORDS.search(head[0]):
            faults.append(f"{name} does not say in its head who reads it")
    assert looked > 10
    assert not faults, "\n".join(faults)
