"""Pages of an explicit endorsement and of a circulation for comments: what is asked, and nothing of silence."""

import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from endorsements import services
from endorsements.enums import SAYS, Act, Mode, PositionKind, State
from endorsements.forms import REPLY_LABELS
from endorsements.models import Circulation, Position
from endorsements.services import Reply
from members.models import User
from tests.endorsements.test_closing import accept_all
from tests.endorsements.test_procedures import COMMENT, EARLY, EXPLICIT, QUORUM, bring_deadline, run
from tests.endorsements.test_views import client_of, page, send
from tests.factories.circulations import ProcedureFactory, Stage
from tests.races import in_thread

SENTENCES = {
    "explicit": "The draft is endorsed if all endorse it. A member that does not answer is not counted as agreeing.",
    "comment": "Members comment until the deadline. Nothing is endorsed.",
}


def opened(stage: Stage, terms: dict[str, Any]) -> Circulation:
    mode = terms.get("mode", "silence")
    stage.terms = {**terms, **({"sentence": SENTENCES[mode]} if mode in SENTENCES else {})}
    return stage.opened()


def text(html: str) -> str:
    """What one reads, without tags, attributes and styles."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.django_db
@pytest.mark.parametrize("terms", [EXPLICIT, QUORUM, {**EXPLICIT, "stops_at_once": True}, COMMENT])
def test_no_page_says_silence_where_the_mode_is_another(stage: Stage, terms: dict[str, Any]) -> None:
    circulation = opened(stage, terms)
    ref, people = circulation.ref, [stage.focal_point, stage.co_chair, stage.officer]
    kind = "comment" if terms["mode"] == "comment" else "objection"
    check = send(stage.focal_point, circulation, "position-check", kind=kind, reason="Too long.", comment="Too long.")
    seen = [check.content.decode()]
    seen += [page(person, circulation) for person in people]
    seen.append(client_of(stage.officer).get(reverse("endorsements:circulation-evidence", args=[ref])).content.decode())
    accept_all(but="CC")
    bring_deadline(circulation)
    seen.append(page(stage.focal_point, circulation))
    services.close_circulation(ref)
    seen += [page(person, circulation) for person in people]
    circulation.refresh_from_db()
    if circulation.state == State.WAITING:
        decide = reverse("endorsements:circulation-decide", args=[ref])
        seen.append(client_of(stage.co_chair).get(decide).content.decode())
    for one in seen:
        assert not re.findall(r"[^.]*silen[^.]*", text(one), flags=re.IGNORECASE)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(Mode))
def test_the_form_offers_what_the_mode_asks_for(stage: Stage, mode: Mode) -> None:
    found = page(stage.focal_point, opened(stage, {"mode": mode.value}))
    offered = re.findall(r'name="kind" value="([a-z_]+)"', found)
    assert offered == [kind.value for kind in SAYS[mode]]
    for kind in SAYS[mode]:
        assert f"<strong>{REPLY_LABELS[kind]}</strong>" in found


@pytest.mark.django_db
@pytest.mark.parametrize(("terms", "kind"), [(COMMENT, "objection"), (EXPLICIT, "comment"), ({}, "no_comments")])
def test_a_forged_kind_is_refused(stage: Stage, terms: dict[str, Any], kind: str) -> None:
    answer = send(stage.focal_point, opened(stage, terms), kind=kind, reason="x", comment="x")
    assert answer.status_code == 200
    assert "Choose one of the replies below." in answer.content.decode()
    assert not Position.objects.exists()


@pytest.mark.django_db
def test_a_comment_is_sent_checked_and_read(stage: Stage) -> None:
    circulation = opened(stage, COMMENT)
    empty = send(stage.focal_point, circulation, "position-check", kind="comment", comment="  ")
    assert "Write your comment. If you have none, choose No comments." in empty.content.decode()
    check = send(stage.focal_point, circulation, "position-check", kind="comment", comment="Shorten paragraph 2.")
    assert "<dt>Comment</dt>" in check.content.decode()
    answer = send(stage.focal_point, circulation, kind="comment", comment="Shorten paragraph 2.")
    receipt = client_of(stage.focal_point).get(answer.headers["Location"]).content.decode()
    assert "Commented" in receipt
    assert "Shorten paragraph 2." in receipt
    assert "Shorten paragraph 2." in page(stage.officer, circulation)
    assert "Shorten paragraph 2." not in page(stage.third, circulation)
    again = page(stage.focal_point, circulation)
    assert re.search(r"<textarea[^>]*name=\"comment\"[^>]*>\s*Shorten paragraph 2\.", again)


@pytest.mark.django_db
def test_an_organisation_comments_where_the_procedure_says_so(stage: Stage) -> None:
    circulation = opened(stage, COMMENT)
    send(stage.org_person, circulation, participant="ORG", kind="no_comments")
    assert Position.objects.get().kind == PositionKind.NO_COMMENTS


@pytest.mark.django_db
def test_after_comments_are_closed_nobody_is_named(stage: Stage) -> None:
    circulation = run(stage, COMMENT, [PositionKind.COMMENT, PositionKind.NO_COMMENTS])
    result = text(page(stage.third, circulation))
    assert "Commented 1" in result
    assert "Who said what is seen by the secretariat and the co-chairs alone." in result
    assert "Paragraph 2 is too long." not in result


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "said", "words"),
    [
        (QUORUM, [PositionKind.ENDORSE, PositionKind.NO_POSITION], "Endorsed by those who answered"),
        (EXPLICIT, [PositionKind.ENDORSE, PositionKind.OBJECTION], "Not endorsed"),
        (EXPLICIT, [PositionKind.ENDORSE], "Lapsed"),
    ],
)
def test_the_tally_says_what_no_reply_means(
    stage: Stage, terms: dict[str, Any], said: list[PositionKind], words: str
) -> None:
    found = text(page(stage.focal_point, run(stage, terms, said)))
    assert words in found
    assert "No reply, not counted as agreeing" in found


@pytest.mark.django_db
def test_the_officer_reads_what_each_procedure_means(stage: Stage) -> None:
    ProcedureFactory(name="By answers", mode="explicit", quorum=2, sentence=SENTENCES["explicit"])
    ProcedureFactory(name="In three days", min_seconds=72 * 3600)
    path = reverse("endorsements:circulation-prepare")
    found = text(client_of(stage.officer).get(path).content.decode())
    assert "if all endorse, or if at least 2 answer and nobody objects" in found
    assert SENTENCES["explicit"] in found
    assert "72 hours" in found


@pytest.mark.django_db
def test_the_list_has_the_sentence(stage: Stage) -> None:
    circulation = run(stage, EXPLICIT, [PositionKind.ENDORSE])
    found = text(client_of(stage.focal_point).get(reverse("endorsements:circulation-list")).content.decode())
    assert "Too few members endorsed or answered by the deadline, so the draft lapses." in found
    assert circulation.version.document.title in found


@pytest.mark.django_db(transaction=True)
def test_last_answers_at_the_same_moment_close_it_once(transactional_db: None) -> None:
    stage = Stage(terms=dict(EARLY))
    circulation = stage.opened()
    people: list[User] = [stage.focal_point, stage.other, stage.third]
    made = [
        in_thread(
            lambda one=one, who=who: services.record_position(
                circulation.ref, Reply(PositionKind.ENDORSE), participant=one, actor=who, key=uuid.uuid4()
            )
        )
        for one, who in zip(stage.states, people, strict=True)
    ]
    for thread, _ in made:
        thread.join()
    circulation.refresh_from_db()
    assert circulation.state == State.ENDORSED
    assert circulation.register.filter(act=Act.ENDED).count() == 1
    assert circulation.positions.count() == 3
