"""Pages of the directory's deeds: what is typed wrong is said at its field and kept, what is right is done once."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from members.enums import AdmissionState, Role
from members.models import Admission, AdmissionStage, FormerName, Merger, Participant
from tests.factories.directory import (
    AppointmentFactory,
    BodyFactory,
    ForumFactory,
    ParticipantFactory,
    StandingFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PROPOSE, LIST = "/admissions/propose/", "/admissions/"
PROPOSAL = {"short_name": "Nova Terra", "code": "nt", "kind": "state", "aim": "member", "on": "2026-11-01"}
KEY = "00000000-0000-4000-8000-00000000000"


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel("2026-11-24T03:00:00+00:00", tick=False):
        yield


@pytest.fixture
def client(client: Client) -> Client:
    ForumFactory.create()
    for position, word in enumerate(("proposed", "welcomed"), 1):
        AdmissionStage.objects.create(
            slug=word, position=position, word=word.capitalize(), sentence=f"It is {word} by all."
        )
    user = UserFactory.create(email="officer@office.example")
    AppointmentFactory.create(user=user, role=Role.OFFICER.value)
    client.force_login(user)
    return client


def send(client: Client, path: str, number: int = 1, prefix: str = "", **data: str) -> Any:
    typed = {"source": "Letter of 1 November", "key": f"{KEY}{number}", **data}
    return client.post(path, {f"{prefix}{name}": value for name, value in typed.items()})


def text(response: Any) -> str:
    return str(response.content.decode())


def test_officer_records_a_proposal_and_its_last_step(client: Client) -> None:
    assert "No admission is under way." in text(client.get(LIST))
    assert "Record a proposal" in text(client.get(PROPOSE))
    made = send(client, PROPOSE, **PROPOSAL)
    admission = Admission.objects.get()
    assert made.headers["Location"] == reverse("members:admission-detail", args=[admission.pk])
    page = text(client.get(made.headers["Location"]))
    assert "On its way into the forum as a member. Next: It is welcomed by all." in page
    assert "With this step Nova Terra belongs to the forum as a member from that day." in page
    assert "Letter of 1 November" in page
    assert "Next: It is welcomed by all." in text(client.get(LIST))
    send(client, reverse("members:admission-step", args=[admission.pk]), 2, "step-", on="2026-11-20")
    admission.refresh_from_db()
    assert admission.state == AdmissionState.COMPLETED.value
    page = text(client.get(made.headers["Location"]))
    assert "Admitted to the forum as a member." in page
    assert "Record the step" not in page
    assert "Welcomed on 20 November 2026" in text(client.get(LIST))


def test_proposal_sent_twice_is_one(client: Client) -> None:
    first, again = (send(client, PROPOSE, **PROPOSAL) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert Admission.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"short_name": ""}, "Write its short name."),
        ({"code": "n t"}, "Use capital letters, digits and hyphens, as in LK or UNODC."),
        ({"kind": ""}, "Choose State or organisation."),
        ({"aim": ""}, "Choose what it is to become."),
        ({"aim": "body-999"}, "Select a valid choice."),
        ({"on": "yesterday"}, "Write the day as 2019-07-23."),
        ({"on": "2026-11-25"}, "This day is still to come."),
        ({"source": " "}, "Name the source: a letter, a record, a statement."),
        ({"code": "X9"}, "The code X9 belongs to another participant."),
        ({"participant": "here"}, "Choose a participant, or name a new one below; not both."),
    ],
)
def test_proposal_with_a_fault_says_so_and_keeps_what_was_typed(
    changes: dict[str, str], sentence: str, client: Client
) -> None:
    other = ParticipantFactory.create(code="X9")
    data = PROPOSAL | changes
    if "participant" in data:
        data["participant"] = str(other.pk)
    page = text(send(client, PROPOSE, **data))
    assert sentence in page
    assert "<title>Error: Record a proposal" in page
    assert data["short_name"] in page
    assert not Admission.objects.exists()
    assert Participant.objects.count() == 1


def test_proposal_without_anyone_asks_for_one(client: Client) -> None:
    page = text(send(client, PROPOSE, aim="member", on="2026-11-01"))
    assert "Write its short name. Or choose a participant above." in page


def test_proposal_of_a_participant_into_a_body(client: Client) -> None:
    member, body = StandingFactory.create().participant, BodyFactory.create(name="Inner Group")
    BodyFactory.create(name="Plenary", takes_all_members=True)
    page = text(client.get(f"{PROPOSE}?participant={member.pk}"))
    assert f'<option value="{member.pk}" selected>' in page
    assert "Inner Group" in page
    assert "Plenary" not in page
    send(client, PROPOSE, participant=str(member.pk), aim=f"body-{body.pk}", on="2026-11-01")
    assert Admission.objects.get().body == body


def test_step_with_a_fault_keeps_what_was_typed_and_leaves_the_other_form_alone(client: Client) -> None:
    send(client, PROPOSE, **PROPOSAL)
    admission = Admission.objects.get()
    step = reverse("members:admission-step", args=[admission.pk])
    page = text(send(client, step, 2, "step-", on="2026-10-01"))
    assert "An earlier step was taken on 1 November 2026; this one cannot lie before it." in page
    assert 'value="2026-10-01"' in page
    assert "Say in a sentence why." not in page
    drop = reverse("members:admission-drop", args=[admission.pk])
    assert "Say in a sentence why." in text(send(client, drop, 3, "drop-"))
    send(client, drop, 4, "drop-", reason="The State withdrew.")
    assert "The State withdrew." in text(client.get(LIST))
    assert "This admission is dropped; nothing can be added to it." not in text(client.get(LIST))


def test_step_on_a_closed_admission_says_so(client: Client) -> None:
    send(client, PROPOSE, **PROPOSAL)
    admission = Admission.objects.get()
    Admission.objects.update(state=AdmissionState.COMPLETED.value)
    answer = send(client, reverse("members:admission-step", args=[admission.pk]), 2, "step-", on="2026-11-20")
    assert "This admission is completed; nothing can be added to it." in text(answer)


def test_rename_and_merge_pages(client: Client) -> None:
    old, new = ParticipantFactory.create(short_name="Turkland"), ParticipantFactory.create(short_name="Largeland")
    rename = reverse("members:participant-rename", args=[old.slug])
    assert 'value="Turkland"' in text(client.get(rename))
    page = text(send(client, rename, short_name="Turkland", last_day="2026-11-01"))
    assert "These are the names it bears already." in page
    answer = send(client, rename, 2, short_name="Türkland", last_day="2026-11-01")
    assert answer.headers["Location"] == old.get_absolute_url()
    assert FormerName.objects.get().to_on == dt.date(2026, 11, 1)
    merge = reverse("members:participant-merge", args=[old.slug])
    page = text(send(client, merge, 3, on="2026-11-02"))
    assert "Choose the participant that stands in its place." in page
    assert 'value="2026-11-02"' in page
    send(client, merge, 4, into=str(new.pk), on="2026-11-02")
    assert Merger.objects.get().into == new
    assert "became part of another participant already" in text(
        send(client, merge, 5, into=str(new.pk), on="2026-11-03")
    )


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.REVIEWER, Role.OBSERVER_DELEGATE])
def test_people_of_participants_know_of_none_of_these_pages(role: Role, client: Client) -> None:
    participant = ParticipantFactory.create()
    admission = Admission.objects.create(participant=participant, standing="member")
    user = UserFactory.create()
    AppointmentFactory.create(user=user, role=role.value, participant=participant)
    client.force_login(user)
    for path in (LIST, PROPOSE, f"{LIST}{admission.pk}/", f"/members/{participant.slug}/rename/"):
        assert client.get(path).status_code == 404
    assert send(client, f"{LIST}{admission.pk}/step/", 2, "step-", on="2026-11-01").status_code == 404


def test_co_chair_of_the_forum_reads_admissions_and_changes_none(client: Client) -> None:
    chair = UserFactory.create()
    AppointmentFactory.create(user=chair, role=Role.CO_CHAIR.value, participant=ParticipantFactory.create())
    send(client, PROPOSE, **PROPOSAL)
    admission = Admission.objects.get()
    client.force_login(chair)
    page = text(client.get(f"{LIST}{admission.pk}/"))
    assert "Nova Terra" in page
    assert "Record the step" not in page
    assert "Record a proposal" not in text(client.get(LIST))
    assert send(client, f"{LIST}{admission.pk}/step/", 2, "step-", on="2026-11-01").status_code == 404


def test_admission_list_takes_as_many_queries_for_three_as_for_one(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in (1, 2, 3):
        send(client, PROPOSE, number, **PROPOSAL | {"code": f"N{number}", "short_name": f"Nova {number}"})
        if number != 2:
            with django_assert_num_queries(9):
                client.get(LIST)


def test_newcomer_is_known_to_staff_alone_until_it_is_admitted(client: Client) -> None:
    send(client, PROPOSE, **PROPOSAL)
    admission, page = Admission.objects.get(), "/members/nova-terra/"
    paths = ("/members/?standing=none", "/members/?standing=none&q=nova")
    nobody = Client()
    assert client.get(page).status_code == 200
    assert all("Nova Terra" in text(client.get(path)) for path in paths)
    assert nobody.get(page).status_code == 404
    assert not any("Nova Terra" in text(nobody.get(path)) for path in paths)
    send(client, reverse("members:admission-step", args=[admission.pk]), 2, "step-", on="2026-11-20")
    assert nobody.get(page).status_code == 200
    assert "Nova Terra" in text(nobody.get("/members/"))
    assert "Nova Terra" not in text(nobody.get("/members/?on=2026-11-19"))
