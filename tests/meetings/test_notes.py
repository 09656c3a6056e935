"""Notes verbales, notes for a visa, the information for participants."""

import io
import uuid
from typing import Any

import pytest
from docx import Document

from audit.models import AccessEntry, AuditEntry
from meetings import services
from meetings.enums import DelegateRole
from meetings.files.notes import addressee, held, with_article
from meetings.models import Delegate, InformationNote, Meeting
from meetings.services import Answer, Information, Person
from members.models import Participant
from members.rules import NotAllowed
from tests.factories.called import HEAD, STAYS, CalledStage
from tests.meetings.test_called_views import DELEGATION, key, signed_in, words

pytestmark = pytest.mark.django_db
NOTE, INFORMATION = f"{DELEGATION}note/", "/meetings/called/information/"
STAFF_ALONE = [("officer", 200), ("manager", 200), ("focal_point", 404), ("co_chair", 404), ("admin", 404)]


@pytest.fixture(autouse=True)
def _proven(settings: Any) -> None:
    settings.REAUTHENTICATE_SECONDS = 10**6


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([one.text for one in document.paragraphs] + cells)


def taken(called: CalledStage, kind: str) -> str:
    return text_of(signed_in(called.officer).get(f"{NOTE}{kind}/").content)


class TestNoteVerbale:
    def test_invites_in_the_third_person(self, called: CalledStage) -> None:
        called.invited()
        text = taken(called, "inviting")
        assert "presents its compliments to the competent authorities of Aland" in text
        assert "on behalf of the Co-Chairs, has the honour to invite Aland to be represented at the Fifth" in text
        assert "avails itself of this opportunity to renew" in text
        assert "highest consideration" in text
        assert "No. ____" in text

    def test_confirms_who_comes_or_that_nobody_does(self, called: CalledStage) -> None:
        called.invited()
        called.answers(Answer(True, (HEAD, Person("| a | b", DelegateRole.ADVISER))))
        text = taken(called, "confirming")
        assert "Ms Zahead, Head of delegation, Director" in text
        assert "| a | b, Adviser" in text, "a name begins no row of a table"
        called.answers(STAYS, version=1)
        assert "will not be represented on this occasion" in taken(called, "confirming")

    def test_staff_alone_take_it_and_it_is_logged(self, called: CalledStage) -> None:
        called.invited()
        for who, status in STAFF_ALONE:
            assert signed_in(getattr(called, who)).get(f"{NOTE}inviting/").status_code == status, who
        assert AccessEntry.objects.filter(subject_kind="note-verbale", subject_ref="called/AA/inviting").count() == 2
        assert signed_in(called.officer).get(f"{NOTE}threatening/").status_code == 404

    @pytest.mark.parametrize(
        ("name", "kind", "said"),
        [
            ("Kingdom of Thailand", "state", "the competent authorities of the Kingdom of Thailand"),
            ("Mongolia", "state", "the competent authorities of Mongolia"),
            ("Lao People's Democratic Republic", "state", "the competent authorities of the Lao"),
            ("International Organization for Migration", "organisation", "the International Organization"),
        ],
    )
    def test_addresses_with_respect(self, name: str, kind: str, said: str) -> None:
        assert addressee(Participant(formal_name=name, kind=kind)).startswith(said)

    def test_names_without_an_article_have_none(self) -> None:
        assert [with_article(one) for one in ("Australia", "Philippines")] == ["Australia", "the Philippines"]

    def test_says_the_days_and_the_place(self, called: CalledStage) -> None:
        meeting = Meeting.objects.get(pk=called.meeting.pk)
        assert held(meeting).startswith("from ")
        meeting.starts_on = None
        assert held(meeting).startswith("on days to be announced")


class TestVisa:
    def test_names_the_person_and_leaves_the_decision(self, called: CalledStage) -> None:
        called.invited()
        called.answers(Answer(True, (HEAD,)))
        Meeting.objects.update(country="Borland")
        one = Delegate.objects.get()
        client = signed_in(called.officer)
        assert "In support of a visa" in words(client.get(DELEGATION))
        text = text_of(client.get(f"{DELEGATION}visa/{one.pk}/").content)
        assert "diplomatic and consular missions of Borland" in text
        assert "Ms Zahead" in text
        assert "Director" in text
        for who, status in STAFF_ALONE:
            assert signed_in(getattr(called, who)).get(f"{DELEGATION}visa/{one.pk}/").status_code == status, who

    @pytest.mark.parametrize("values", [{"format": "virtual", "country": "Borland"}, {"country": "", "host": None}])
    def test_not_where_nobody_travels(self, values: dict[str, Any], called: CalledStage) -> None:
        called.invited()
        called.answers(Answer(True, (HEAD,)))
        Meeting.objects.update(**values)
        client = signed_in(called.officer)
        assert client.get(f"{DELEGATION}visa/{Delegate.objects.get().pk}/").status_code == 404
        assert "In support of a visa" not in words(client.get(DELEGATION))

    def test_not_of_another_delegation(self, called: CalledStage) -> None:
        called.invited()
        called.answers(Answer(True, (HEAD,)))
        Meeting.objects.update(country="Borland")
        path = f"/meetings/called/delegation/BB/visa/{Delegate.objects.get().pk}/"
        assert signed_in(called.officer).get(path).status_code == 404


class TestInformation:
    def written(self, called: CalledStage, *, version: int = 0, by: Any = None) -> InformationNote:
        return services.change_information(
            "called", Information("A hall\n\nZroom"), version=version, actor=by or called.officer, key=uuid.uuid4()
        )

    def test_everyone_invited_reads_it(self, called: CalledStage) -> None:
        called.invited()
        self.written(called)
        for who, status in [
            ("focal_point", 200), ("reviewer", 200), ("observer", 200), ("officer", 200), ("stranger", 404),
            ("admin", 404),
        ]:  # fmt: skip
            for path in (INFORMATION, f"{INFORMATION}file/"):
                assert signed_in(getattr(called, who)).get(path).status_code == status, (who, path)
        assert "Zroom" in words(signed_in(called.focal_point).get(INFORMATION))
        assert "Information for participants" in words(signed_in(called.focal_point).get(DELEGATION))

    def test_nobody_but_staff_before_the_invitation_goes_out(self, called: CalledStage) -> None:
        assert called.meeting
        self.written(called)
        assert signed_in(called.focal_point).get(INFORMATION).status_code == 404
        assert signed_in(called.officer).get(INFORMATION).status_code == 200

    def test_is_written_on_the_page_and_changed(self, called: CalledStage) -> None:
        called.invited()
        client = signed_in(called.officer)
        given = {"key": key(), "version": "0", "venue": "A hall", "hotel": "", "contact": "", "dress": "", "visas": ""}
        page: Any = client.post(f"{INFORMATION}change/", given, follow=True)
        assert "Saved. Everyone invited reads it here." in words(page)
        assert 'value="1"' in client.get(f"{INFORMATION}change/").content.decode()
        page = client.post(f"{INFORMATION}change/", {**given, "key": key(), "venue": "Zother"})
        assert "Somebody changed the note while you wrote." in words(page)
        assert "Zother" in page.content.decode()
        assert AuditEntry.objects.filter(action="information.changed").count() == 1

    @pytest.mark.parametrize("who", ["focal_point", "admin"])
    def test_staff_alone_write_it(self, who: str, called: CalledStage) -> None:
        called.invited()
        with pytest.raises(NotAllowed, match="has ended"):
            self.written(called, by=getattr(called, who))
        assert signed_in(getattr(called, who)).get(f"{INFORMATION}change/").status_code == 404
