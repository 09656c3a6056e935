"""Pages of circulations: what each person finds, clear sentences for bad input, a fixed number of queries."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from endorsements.enums import PositionKind, State, Timing
from endorsements.models import Circulation, Position, RegisterEntry
from members.models import User
from members.services import end_appointment
from tests.factories.circulations import Stage, VersionFactory
from tests.factories.directory import ParticipantFactory, StandingFactory

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, circulation: Circulation) -> str:
    response = client_of(user).get(circulation.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def send(user: User, circulation: Circulation, verb: str = "position-record", **data: Any) -> Any:
    values = {"key": uuid.uuid4(), "participant": "AA", "kind": "endorse", **data}
    return client_of(user).post(reverse(f"endorsements:{verb}", args=[circulation.ref]), values)


def test_delegate_reads_what_is_asked_and_replies(stage: Stage) -> None:
    circulation = stage.opened()
    text = page(stage.focal_point, circulation)
    assert stage.procedure.sentence in text
    assert "in Bangkok" in text
    assert "in Colombo" in text
    assert "Reply of Aland" in text
    answer = send(stage.focal_point, circulation)
    position = Position.objects.get()
    assert answer.headers["Location"] == reverse("endorsements:position-receipt", args=[circulation.ref, position.pk])
    receipt = client_of(stage.focal_point).get(answer.headers["Location"]).content.decode()
    head = RegisterEntry.objects.get(act="position.recorded").head
    assert " ".join(head[i : i + 4] for i in range(0, 64, 4)) in receipt


def test_page_to_check_records_nothing(stage: Stage) -> None:
    circulation = stage.opened()
    answer = send(stage.focal_point, circulation, "position-check", kind="objection", reason="Paragraph 2 & 3.")
    assert "Paragraph 2 &amp; 3." in answer.content.decode()
    assert not Position.objects.exists()


def test_change_the_reply_brings_back_what_was_typed(stage: Stage) -> None:
    circulation = stage.opened()
    answer = send(stage.focal_point, circulation, "position-edit", kind="objection", reason="Keep me.")
    assert "Keep me." in answer.content.decode()
    assert not Position.objects.exists()


@pytest.mark.parametrize("verb", ["position-check", "position-record"])
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": ""}, "Choose one reply."),
        ({"kind": "objection"}, "Write the reason"),
        ({"kind": "endorse_with_proposals"}, "Write what you propose"),
        ({"kind": "more_time", "until": "soon", "why": "Kept words."}, "Enter a valid date."),
        ({"kind": "adopt"}, "Choose one of the replies below."),
    ],
)
def test_reply_that_lacks_something_is_refused_at_its_place(
    stage: Stage, verb: str, data: dict[str, str], sentence: str
) -> None:
    circulation = stage.opened()
    answer = send(stage.focal_point, circulation, verb, **data)
    text = answer.content.decode()
    assert sentence in text
    assert "<title>Error:" in text
    assert data.get("why", "") in text
    assert not Position.objects.exists()


def test_reply_after_the_deadline_is_said_to_be_late_before_it_is_sent(stage: Stage) -> None:
    circulation = stage.opened()
    Circulation.objects.filter(pk=circulation.pk).update(opened_at="2026-01-01T00:00Z", expires_at="2026-01-02T00:00Z")
    warning = "Your reply will be kept and marked late; it does not change the result."
    shown = page(stage.focal_point, circulation)
    assert "Closed, being counted" in shown
    assert f"The deadline has passed. {warning}" in shown
    checked = send(stage.focal_point, circulation, "position-check", kind="objection", reason="Typed before.")
    text = checked.content.decode()
    assert warning in text
    assert "Typed before." in text
    assert "breaks the silence" not in text
    answer = send(stage.focal_point, circulation, kind="objection", reason="Typed before.")
    receipt = client_of(stage.focal_point).get(answer["Location"]).content.decode()
    assert "Late" in receipt
    assert Position.objects.get().timing == Timing.LATE


def test_reply_by_someone_whose_appointment_ended_is_refused(stage: Stage) -> None:
    circulation = stage.opened()
    client = client_of(stage.focal_point)
    assert client.get(circulation.get_absolute_url()).status_code == 200
    end_appointment(stage.focal_point.appointments.get().pk, actor=stage.officer, reason="Moved")
    assert client.get(circulation.get_absolute_url()).status_code == 404
    assert send(stage.focal_point, circulation).status_code == 404
    assert not Position.objects.exists()


def test_stale_tab_cannot_answer_for_another_state(stage: Stage) -> None:
    circulation = stage.opened()
    assert send(stage.focal_point, circulation, participant="BB").status_code == 403
    assert not Position.objects.exists()


def test_double_click_gets_the_same_receipt(stage: Stage) -> None:
    circulation, key = stage.opened(), uuid.uuid4()
    first, second = (send(stage.focal_point, circulation, key=key) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Position.objects.count() == 1


def test_reviewer_reads_and_cannot_reply(stage: Stage) -> None:
    circulation = stage.opened()
    text = page(stage.reviewer, circulation)
    assert "Only the focal point or the alternate of Aland sends its reply" in text
    assert "Check and send" not in text
    assert send(stage.reviewer, circulation).status_code == 403


def test_organisation_reads_and_does_not_reply(stage: Stage) -> None:
    circulation = stage.opened()
    assert "Check and send" not in page(stage.org_person, circulation)


def test_participants_see_nothing_of_others_while_it_runs(stage: Stage) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.ENDORSE_WITH_PROPOSALS, text="MARKER proposal")
    text = page(stage.other, circulation)
    assert "MARKER" not in text
    assert "Aland" not in text
    assert "replied" not in text


def test_after_the_end_only_who_endorsed_is_named(stage: Stage) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.ENDORSE)
    stage.reply(circulation, PositionKind.OBJECTION, by=stage.other, of=stage.states[1], text="MARKER reason")
    text = page(stage.third, circulation)
    assert "Silence broken" in text
    assert "Aland" in text
    assert "Borland" not in text
    assert "MARKER" not in text
    assert "2 others: no position shown" in text
    receipt = reverse("endorsements:position-receipt", args=[circulation.ref, Position.objects.latest("pk").pk])
    assert client_of(stage.third).get(receipt).status_code == 404


def test_board_shows_every_reply_to_staff_and_co_chairs(stage: Stage) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.ENDORSE_WITH_PROPOSALS, text="<script>alert(1)</script>")
    for user in (stage.officer, stage.manager, stage.co_chair):
        text = page(user, circulation)
        assert "Endorsed with proposals" in text
        assert "&lt;script&gt;" in text
        assert "<script>" not in text


@pytest.mark.parametrize("sort", ["name", "reply", "time", "nonsense"])
def test_board_sorts_by_links(stage: Stage, sort: str) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.ENDORSE, by=stage.third, of=stage.states[2])
    text = client_of(stage.officer).get(f"{circulation.get_absolute_url()}?sort={sort}").content.decode()
    names = sorted(["Aland", "Borland", "Corland"], key=lambda name: text.index(f'"nm">{name}'))
    assert names[0] == ("Corland" if sort in {"reply", "time"} else "Aland")


def test_officer_prepares_and_a_manager_approves(stage: Stage) -> None:
    officer, manager = client_of(stage.officer), client_of(stage.manager)
    form = officer.get(reverse("endorsements:circulation-prepare") + f"?version={stage.version.pk}")
    assert f'<option value="{stage.version.pk}" selected>' in form.content.decode()
    data = {
        "key": uuid.uuid4(),
        "version": stage.version.pk,
        "body": stage.body.pk,
        "procedure": stage.procedure.pk,
        "day": "2099-01-05",
        "time": "17:00",
        "paragraph": "A word from the office.",
    }
    answer = officer.post(reverse("endorsements:circulation-prepare"), data)
    circulation = Circulation.objects.get()
    assert answer.headers["Location"] == circulation.get_absolute_url()
    draft = officer.get(circulation.get_absolute_url()).content.decode()
    assert "A word from the office." in draft
    assert "7 e-mails to 4 participants" in draft
    officer.post(reverse("endorsements:circulation-ask", args=[circulation.ref]), {"key": uuid.uuid4()})
    approve = reverse("endorsements:circulation-approve", args=[circulation.ref])
    assert officer.get(approve).status_code == 403
    assert "Read and approve" in manager.get("/").content.decode()
    refused = manager.post(approve, {"key": uuid.uuid4(), "co_chair": stage.states[1].pk, "evidence": ""})
    assert "<title>Error:" in refused.content.decode()
    key = uuid.uuid4()
    data = {"key": key, "co_chair": stage.states[1].pk, "evidence": "By letter of today."}
    for _ in range(2):
        assert manager.post(approve, data).headers["Location"] == circulation.get_absolute_url()
    circulation.refresh_from_db()
    assert circulation.state == State.OPEN


def test_draft_names_the_empty_desks_before(stage: Stage) -> None:
    circulation = stage.draft()
    end_appointment(stage.third.appointments.get().pk, actor=stage.officer, reason="Moved")
    text = page(stage.officer, circulation)
    assert "1 participant may not be reached." in text
    assert "Corland" in text


def test_text_that_was_changed_in_the_database_is_not_shown(stage: Stage) -> None:
    circulation = stage.draft()
    stage.version.paragraphs.filter(number=2).update(text="Another text.")
    text = page(stage.officer, circulation)
    assert "The text is not shown" in text
    assert "Another text." not in text


def queries(user: User, path: str) -> int:
    client = client_of(user)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return len(found)


def many(stage: Stage, number: int) -> None:
    """So many more participants in the snapshot, each with a reply, and circulations in the list."""
    for index in range(number):
        version = VersionFactory(document__body=stage.body)
        stage.version = version
        stage.opened()
        participant = ParticipantFactory(code=f"M{stage.version.pk}{index}")
        StandingFactory(participant=participant)
        stage.body.memberships.create(participant=participant)


@pytest.mark.parametrize(
    ("who", "path", "expected"),
    [
        ("focal_point", "detail", 11),
        ("officer", "detail", 14),
        ("focal_point", "list", 10),
        ("officer", "list", 10),
        ("other", "/", 13),
        ("officer", "/", 16),
        ("officer", "/register/", 7),
    ],
)
@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_the_database_a_fixed_number_of_times(
    stage: Stage, who: str, path: str, expected: int, number: int
) -> None:
    many(stage, number)
    circulation = Circulation.objects.latest("pk")
    stage.reply(circulation, PositionKind.ENDORSE)
    for person, state in [(stage.other, stage.states[1]), (stage.third, stage.states[2])][: number - 1]:
        stage.reply(circulation, PositionKind.ENDORSE, by=person, of=state)
    where = {"detail": circulation.get_absolute_url(), "list": "/circulations/"}.get(path, path)
    assert queries(getattr(stage, who), where) == expected


@pytest.mark.parametrize(("threshold", "told"), [(1, True), (2, False)])
def test_page_to_check_says_whether_the_objection_ends_it(stage: Stage, threshold: int, told: bool) -> None:
    """While more objections are needed others learn nothing, and the page must not say they do."""
    stage.terms = {"objections_that_stop": threshold}
    circulation = stage.opened()
    if not told:  # an objection of another is no business of this page: the second would end it
        stage.reply(circulation, PositionKind.OBJECTION, by=stage.other, of=stage.states[1])
    answer = send(stage.focal_point, circulation, "position-check", kind="objection", reason="No.").content.decode()
    assert ("All members are told at once" in answer) is told
    assert ("Other members see nothing while this runs" in answer) is not told
