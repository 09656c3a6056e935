"""The list of participants: its order, its files, how it becomes final and is taken back; badges and name plates."""

import io
import json
import time
import uuid
from typing import Any

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from audit.models import AccessEntry, AuditEntry
from documents.printing import pdf
from meetings import list_rules, services
from meetings.enums import DelegateRole, MeetingState
from meetings.files.participants import as_docx, as_pdf, as_xlsx, listed
from meetings.files.sheets import badge_path, badges, people_of, plates, qr
from meetings.lists import groups_now, standing_list
from meetings.models import Delegate, Delegation, FinalList, Meeting
from meetings.services import Answer, Person
from members.access import forum
from members.clock import clock
from members.rules import NotAllowed
from tests.documents.test_printing import missing
from tests.factories.called import ADVISER, COMES, HEAD, STAYS, CalledStage
from tests.factories.directory import ParticipantFactory
from tests.meetings.test_called_views import MOST_QUERIES, key, signed_in, words

pytestmark = pytest.mark.django_db
LIST = "/meetings/called/participants/"
THAI, ARABIC = "นางสาวสมใจ รักไทย", "السيدة نور الهدى"
RUNS = "=HYPERLINK(1)"
STAFF_ALONE = [
    ("officer", 200), ("manager", 200), ("focal_point", 404), ("reviewer", 404), ("observer", 404), ("co_chair", 404),
    ("admin", 404), ("stranger", 404),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _proven(settings: Any) -> None:
    settings.REAUTHENTICATE_SECONDS = 10**6


@pytest.fixture
def listed_stage(called: CalledStage) -> CalledStage:
    """Four delegations that come, one that does not; the head of the first is named last."""
    called.invited()
    people = (ADVISER, Person(THAI, DelegateRole.ALTERNATE, RUNS), HEAD)
    called.answers(Answer(True, people))
    called.answers(STAYS, of=called.states[1], by=called.other)
    called.answers(Answer(True, (Person("Mr Zcc", DelegateRole.HEAD),)), of=called.states[2], by=called.third)
    called.answers(Answer(True, (Person(ARABIC, DelegateRole.HEAD),)), of=called.organisation, by=called.org_person)
    called.answers(Answer(True, (Person("Ms Zoo", DelegateRole.HEAD),)), of=called.observer_state, by=called.observer)
    return called


def names() -> list[tuple[str, str, list[str]]]:
    return [
        (group["title"], one["name"], [person["name"] for person in one["people"]])
        for group in groups_now(Meeting.objects.get(slug="called"))
        for one in group["delegations"]
    ]


def data(final: FinalList | None = None) -> dict[str, Any]:
    meeting = Meeting.objects.select_related("series__body").get(slug="called")
    return listed(meeting, final.groups if final else groups_now(meeting), final, forum(), clock())


def freeze(called: CalledStage, **values: Any) -> FinalList:
    return services.freeze_list("called", actor=called.officer, key=uuid.uuid4(), **values)


def many(called: CalledStage) -> None:
    """Sixty delegations, four hundred people."""
    for number in range(56):
        one = ParticipantFactory(short_name=f"Land {number:02}", sort_key=f"land {number:02}")
        Delegation.objects.create(meeting=called.meeting, participant=one, capacity="member", state="confirmed")
    found = list(Delegation.objects.filter(meeting=called.meeting, state="confirmed"))
    Delegate.objects.filter(delegation__in=found).delete()
    Delegate.objects.bulk_create(
        Delegate(
            delegation=found[number % len(found)],
            position=number // len(found) + 1,
            name=f"Person {number}",
            role="adviser",
            function="Director General for Regional Cooperation",
        )
        for number in range(400)
    )


class TestOrder:
    def test_groups_then_the_alphabet_then_the_head_then_the_order_given(self, listed_stage: CalledStage) -> None:
        assert names() == [
            ("Member States", "Aland", ["Ms Zahead", "Mr Zaadviser", THAI]),
            ("Member States", "Corland", ["Mr Zcc"]),
            ("Member organisations", "ORG", [ARABIC]),
            ("Observer States", "Osland", ["Ms Zoo"]),
        ]

    def test_guests_stand_apart_at_the_end(self, listed_stage: CalledStage) -> None:
        Delegation.objects.filter(participant__code="AA").update(capacity="guest")
        assert [title for title, *_ in names()] == [
            "Member States", "Member organisations", "Observer States", "Guests",
        ]  # fmt: skip


class TestFiles:
    def test_pdf_is_tagged_and_has_every_glyph(self, listed_stage: CalledStage) -> None:
        found = data()
        assert not missing(json.dumps(found, ensure_ascii=False))
        made = as_pdf(found)
        assert made.startswith(b"%PDF")
        assert b"pdfuaid:part" in made

    def test_twin_a_name_without_a_glyph_is_found(self, listed_stage: CalledStage) -> None:
        Delegate.objects.filter(name="Ms Zoo").update(name="日本")
        assert missing(json.dumps(data(), ensure_ascii=False)) == {"日", "本"}

    def test_four_hundred_people_are_set_in_under_two_seconds(self, called: CalledStage) -> None:
        called.invited()
        called.answers()
        many(called)
        took = []
        for _ in range(3):
            began = time.perf_counter()
            as_pdf(data())
            took.append(time.perf_counter() - began)
        assert min(took) < 2, took

    def test_no_cell_of_the_workbook_runs(self, listed_stage: CalledStage) -> None:
        Delegate.objects.filter(name="Ms Zoo").update(name="@SUM(1)", function="+1")
        sheet = load_workbook(io.BytesIO(as_xlsx(data()))).active
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
        assert {cell.data_type for cell in cells} == {"s"}
        values = [cell.value for cell in cells]
        assert f"'{RUNS}" in values
        assert {"'@SUM(1)", "'+1"} <= set(values)
        assert not [one for one in values if one.startswith(("=", "+", "-", "@"))]

    def test_word_holds_everybody_under_headings(self, listed_stage: CalledStage) -> None:
        Delegate.objects.filter(name="Ms Zoo").update(name="Ms \x01Zoo")
        document = Document(io.BytesIO(as_docx(data())))
        heads = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
        assert heads == [
            "List of participants", "Member States", "Aland", "Corland", "Member organisations", "ORG",
            "Observer States", "Osland",
        ]  # fmt: skip
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert {"Ms Zahead", THAI, ARABIC, "Ms \N{REPLACEMENT CHARACTER}Zoo"} <= set(cells)

    @pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
    def test_staff_alone_take_it_and_it_is_logged(self, form: str, listed_stage: CalledStage) -> None:
        for who, status in STAFF_ALONE:
            response = signed_in(getattr(listed_stage, who)).get(f"{LIST}file/{form}/")
            assert response.status_code == status, who
            if status == 200:
                assert response["Content-Disposition"] == f'attachment; filename="participants-called.{form}"'
                assert response["Cache-Control"] == "private, no-store"
        assert Client().get(f"{LIST}file/{form}/").status_code == 302
        assert AccessEntry.objects.filter(subject_kind="participants", subject_ref=f"called/{form}").count() == 2
        assert signed_in(listed_stage.officer).get(f"{LIST}file/exe/").status_code == 404


class TestFinal:
    def test_what_changes_later_does_not_change_it(self, listed_stage: CalledStage) -> None:
        made = freeze(listed_stage)
        listed_stage.answers(STAYS, version=1)
        client = signed_in(listed_stage.officer)
        page = words(client.get(LIST))
        assert "Final, frozen on" in page
        assert str(listed_stage.officer) in page
        assert "Ms Zahead" in page
        assert "Delegations changed once since the list was frozen." in page
        assert "Final list" in data(made)["line"]
        assert AuditEntry.objects.get(action="list.frozen").detail == {"delegations": 4, "people": 6}

    def test_is_taken_back_with_a_reason_that_stays(self, listed_stage: CalledStage) -> None:
        freeze(listed_stage)
        client = signed_in(listed_stage.officer)
        page = client.post(f"{LIST}reopen/", {"key": key(), "reason": " "})
        assert "Write why the list is taken back." in words(page)
        page = client.post(f"{LIST}reopen/", {"key": key(), "reason": "Aland named others."}, follow=True)
        assert "The list is provisional again." in words(page)
        assert "Aland named others." in words(page)
        page = client.post(f"{LIST}freeze/", {"key": key()}, follow=True)
        assert "The list is final." in words(page)
        assert FinalList.objects.count() == 2
        assert AuditEntry.objects.get(action="list.reopened").detail == {"reason": "Aland named others."}

    def test_only_one_stands(self, listed_stage: CalledStage) -> None:
        freeze(listed_stage)
        with pytest.raises(NotAllowed, match="final already"):
            freeze(listed_stage)
        services.reopen_list("called", reason="Why", actor=listed_stage.officer, key=uuid.uuid4())
        with pytest.raises(NotAllowed, match="not final"):
            services.reopen_list("called", reason="Why", actor=listed_stage.officer, key=uuid.uuid4())
        assert standing_list(listed_stage.meeting) is None

    def test_the_same_submission_twice_has_one_effect(self, listed_stage: CalledStage) -> None:
        one = uuid.uuid4()
        first, second = (services.freeze_list("called", actor=listed_stage.officer, key=one) for _ in range(2))
        assert first.pk == second.pk
        assert FinalList.objects.count() == 1

    @pytest.mark.parametrize("who", ["focal_point", "admin", "co_chair"])
    def test_staff_alone_freeze(self, who: str, listed_stage: CalledStage) -> None:
        with pytest.raises(NotAllowed, match="has ended"):
            services.freeze_list("called", actor=getattr(listed_stage, who), key=uuid.uuid4())

    @pytest.mark.parametrize("state", list(MeetingState))
    def test_in_each_state(self, state: MeetingState) -> None:
        if state in list_rules.FREEZABLE:
            list_rules.check_freeze(state, stands=False, people=1)
            return
        with pytest.raises(NotAllowed, match="stays provisional"):
            list_rules.check_freeze(state, stands=False, people=1)

    def test_an_empty_list_is_not_frozen(self, called: CalledStage) -> None:
        called.invited()
        with pytest.raises(NotAllowed, match="Nobody is on the list yet"):
            freeze(called)
        assert "Nobody yet" in words(signed_in(called.officer).get(LIST))


class TestSheets:
    def test_each_person_has_a_badge_with_the_own_address(self, listed_stage: CalledStage) -> None:
        people = people_of(listed_stage.meeting)
        assert [one.name for one in people] == ["Ms Zahead", "Mr Zaadviser", THAI, "Mr Zcc", ARABIC, "Ms Zoo"]
        paths = {badge_path(listed_stage.meeting, one.badge_token or "") for one in people}
        assert len(paths) == 6
        assert all(one.startswith("/meetings/called/badge/") for one in paths)

    def test_the_code_is_the_address(self) -> None:
        assert qr("https://portal.example/a/") == qr("https://portal.example/a/")
        assert qr("https://portal.example/a/") != qr("https://portal.example/b/")

    @pytest.mark.parametrize("make", [badges, plates])
    def test_is_a_tagged_pdf_with_long_names(self, make: Any, listed_stage: CalledStage) -> None:
        Delegate.objects.filter(name="Ms Zoo").update(name="Featherstonehaugh" * 7)
        people = people_of(listed_stage.meeting)
        assert not missing(" ".join(one.name for one in people))
        made = make(listed_stage.meeting, people, forum())
        assert made.startswith(b"%PDF")
        assert b"pdfuaid:part" in made
        assert make(listed_stage.meeting, [], forum()).startswith(b"%PDF")

    @pytest.mark.parametrize("kind", ["badges", "plates"])
    def test_staff_alone_take_it_and_it_is_logged(self, kind: str, listed_stage: CalledStage) -> None:
        for who, status in STAFF_ALONE:
            assert signed_in(getattr(listed_stage, who)).get(f"/meetings/called/sheets/{kind}/").status_code == status
        assert AccessEntry.objects.filter(subject_kind="sheet", subject_ref=f"called/{kind}").count() == 2
        assert signed_in(listed_stage.officer).get("/meetings/called/sheets/hats/").status_code == 404

    @pytest.mark.parametrize("text", ["#panic()", "$ x", "*b", "@ref", "```", "\\", "//", '"'])
    @pytest.mark.parametrize("template", ["badges", "plates", "participants"])
    def test_data_is_never_read_as_markup(self, template: str, text: str) -> None:
        person = {"name": text, "role": text, "function": text}
        given = {
            **dict.fromkeys(("title", "author", "meeting", "when", "forum", "line", "sum", "foot"), text),
            "badges": [{"name": text, "delegation": text, "role": text, "code": qr("a")}],
            "names": [text],
            "groups": [{"title": text, "delegations": [{"name": text, "count": 1, "people": [person]}]}],
        }
        assert pdf(template, given).startswith(b"%PDF")


def test_queries_do_not_grow(called: CalledStage, django_assert_max_num_queries: Any) -> None:
    called.invited()
    called.answers(COMES)
    client = signed_in(called.officer)
    many(called)
    for path in (LIST, f"{LIST}file/xlsx/", "/meetings/called/sheets/badges/", "/meetings/called/answers/"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(path).status_code == 200
    freeze(called)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert "400" in words(client.get(LIST))
