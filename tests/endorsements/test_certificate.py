"""The certificate of an endorsement: its words, its one page, and who may have it."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AccessEntry
from documents.enums import Audience
from documents.models import Document
from documents.printing import pdf
from endorsements import services
from endorsements.contexts.certificate import certificate
from endorsements.enums import Act, PositionKind
from endorsements.models import Circulation
from endorsements.services import Slip
from members.access import forum
from members.clock import clock
from members.models import User
from tests.documents.test_printing import missing
from tests.endorsements.test_closing import accept_all
from tests.endorsements.test_correcting import correct
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db
TITLE = "คู่มือการส่งกลับ دليل العودة Guide on return"


def endorsed(stage: Stage, *, slips: int = 0) -> Circulation:
    """Without waiting: what was open for an hour has its deadline now."""
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.ENDORSE_WITH_PROPOSALS)
    for number in range(slips):
        correct(stage, circulation, Slip(number + 1, "guide says", "guide sets out " * 30, "A slip."))
    accept_all()
    Circulation.objects.filter(pk=circulation.pk).update(expires_at=clock())
    services.close_circulation(circulation.ref)
    return Circulation.objects.select_related("version__document", "body", "outcome", "approved_for").get()


def url(circulation: Circulation) -> str:
    return reverse("endorsements:circulation-certificate", args=[circulation.ref])


def asked_by(user: User | None, circulation: Circulation) -> int:
    client = Client()
    if user:
        client.force_login(user)
    return client.get(url(circulation)).status_code


def pages_of(data: dict[str, Any]) -> int:
    import typst

    from documents.printing import FONTS, HERE

    made = typst.compile(
        HERE / "templates" / "certificate.typ",
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="svg",
    )
    return len(made) if isinstance(made, list) else 1


def test_it_says_what_how_when_the_tally_and_the_fingerprints(stage: Stage) -> None:
    circulation = endorsed(stage)
    data = certificate(circulation, forum())
    facts = dict(data["facts"])
    assert circulation.outcome
    assert data["number"] == circulation.outcome.number
    assert data["what"] == f"{circulation.version.document.title}, version 1"
    assert facts["Result"] == "Endorsed with proposals"
    assert facts["How"].startswith("Silence procedure. A member that does not object")
    assert facts["Approved by"] == "Borland, co-chair"
    assert " in Bangkok (" in facts["Endorsed"]
    assert " UTC)" in facts["Endorsed"]
    assert facts["Reservations"] == "1 participant endorsed with proposals"
    assert data["tally"] == [["Endorsed with proposals", "1"], ["No objection by silence", "2"], ["Not eligible", "1"]]
    head = circulation.register.get(act=Act.ENDED).head
    assert [value.replace(" ", "") for _, value in data["hashes"]] == [
        circulation.version.file_sha256,
        circulation.version.text_sha256,
        head,
    ]


def test_it_is_one_tagged_page_with_every_glyph_in_any_script(stage: Stage) -> None:
    Document.objects.filter(pk=stage.version.document_id).update(title=f"{TITLE} {'and its annexes ' * 11}"[:200])
    circulation = endorsed(stage, slips=3)
    data = certificate(circulation, forum())
    assert len(data["corrigenda"]) == 3
    assert TITLE in data["what"]
    assert not missing(json.dumps(data, ensure_ascii=False))
    assert pages_of(data) == 1
    made = pdf("certificate", data)
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part" in made


def test_twin_a_longer_text_takes_a_second_page(stage: Stage) -> None:
    data = certificate(endorsed(stage), forum())
    assert pages_of({**data, "corrigenda": ["A slip of many words. " * 40] * 12}) > 1


@pytest.mark.parametrize(
    ("audience", "lets_in"),
    [
        (Audience.BODY, {"focal_point", "reviewer", "org_person", "co_chair", "officer"}),
        (Audience.MEMBERS, {"focal_point", "reviewer", "org_person", "co_chair", "officer"}),
        (Audience.MEMBERS_AND_OBSERVERS, {"focal_point", "reviewer", "org_person", "co_chair", "officer", "observer"}),
        (
            Audience.PUBLIC,
            {"focal_point", "reviewer", "org_person", "co_chair", "officer", "observer", "stranger", "admin", ""},
        ),
    ],
)
def test_it_goes_to_the_audience_of_the_document(stage: Stage, audience: Audience, lets_in: set[str]) -> None:
    circulation = endorsed(stage)
    Document.objects.update(audience=audience.value)
    people = ["focal_point", "reviewer", "org_person", "co_chair", "officer", "observer", "stranger", "admin"]
    found = {name: asked_by(getattr(stage, name), circulation) for name in people}
    found[""] = asked_by(None, circulation)
    assert {name for name, status in found.items() if status == 200} == lets_in
    assert found[""] in {200, 302}
    assert all(status == 404 for name, status in found.items() if name and name not in lets_in)
    assert AccessEntry.objects.filter(subject_kind="certificate").count() == len(lets_in - {""})


def test_a_member_of_the_forum_outside_the_body_gets_what_is_for_members(stage: Stage) -> None:
    from members.enums import Role
    from tests.factories.directory import ParticipantFactory, StandingFactory

    outside = ParticipantFactory(code="XX", short_name="Outland")
    StandingFactory(participant=outside)
    person = stage.person("focal.xx", Role.FOCAL_POINT, outside)
    circulation = endorsed(stage)
    assert asked_by(person, circulation) == 404
    Document.objects.update(audience=Audience.MEMBERS.value)
    assert asked_by(person, circulation) == 200


def test_what_is_not_endorsed_has_none_and_no_link(stage: Stage) -> None:
    circulation = stage.opened()
    assert asked_by(stage.officer, circulation) == 404
    stage.reply(circulation, PositionKind.OBJECTION)
    assert asked_by(stage.officer, circulation) == 404
    client = Client()
    client.force_login(stage.officer)
    assert "Certificate" not in client.get(circulation.get_absolute_url()).content.decode()


def test_board_and_delegate_s_page_link_to_it(stage: Stage) -> None:
    circulation = endorsed(stage)
    for user in (stage.officer, stage.focal_point):
        client = Client()
        client.force_login(user)
        assert url(circulation) in client.get(circulation.get_absolute_url()).content.decode()
        answer = client.get(url(circulation))
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "certificate-" in answer.headers["Content-Disposition"]
