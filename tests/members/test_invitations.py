"""Invitations: one row, one audit row, one secret notice; a link that works once; no second account."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from members import services
from members.access import reader_of
from members.clock import clock
from members.enums import Role
from members.models import Appointment, Invitation, User
from members.rules import LinkDead, NotAllowed
from members.services.invitations import Newcomer, Offer, digest
from notifications.enums import Kind
from notifications.models import Notice
from tests.factories.circulations import Stage
from tests.factories.directory import AppointmentFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "three words apart"
NEW = Newcomer("Ms New", "Asia/Colombo", PASSWORD)
LETTER = "Note verbale 12 of 3 November 2026"


@pytest.fixture
def stage(db: None) -> Stage:
    cache.clear()
    return Stage()


def offer(stage: Stage, **changes: Any) -> Offer:
    first = {"email": "new@members.example", "role": Role.FOCAL_POINT, "participant": stage.observer_state}
    return Offer(**{**first, "letter": LETTER, **changes})


def invite(stage: Stage, by: User | None = None, **changes: Any) -> Invitation:
    return services.invite_person(offer(stage, **changes), actor=by or stage.officer, key=uuid.uuid4())


def token_of(invitation: Invitation) -> str:
    """From the mail, as its receiver finds it."""
    notice = Notice.objects.filter(kind=Kind.PEOPLE_INVITED, subject_ref=str(invitation.pk)).first()
    assert notice
    found = re.search(r"/invitation/([\w-]+)/", notice.body)
    assert found
    return found[1]


def state() -> list[int]:
    return [model.objects.count() for model in (Invitation, Appointment, User, AuditEntry, Notice)]


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_invite_person(stage: Stage) -> None:
    audit, notices = AuditEntry.objects.count(), Notice.objects.count()
    before = clock()
    made = invite(stage, email=" New@Members.Example", name="Nguyễn Thị Ánh", function="Desk officer")
    assert (made.email, made.name, made.invited_by) == ("new@members.example", "Nguyễn Thị Ánh", stage.officer)
    assert before + dt.timedelta(days=14) <= made.expires_at <= clock() + dt.timedelta(days=14)
    assert AuditEntry.objects.count() == audit + 1
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.subject_ref) == ("invitation.made", stage.officer, str(made.pk))
    assert "new@" not in f"{entry.subject_label}{entry.detail}"
    assert Notice.objects.count() == notices + 1
    notice = Notice.objects.latest("pk")
    assert (notice.kind, notice.address, notice.is_secret) == (Kind.PEOPLE_INVITED, "new@members.example", True)
    token = token_of(made)
    assert len(token) >= 43
    assert made.token_sha256 == digest(token)
    assert token not in f"{notice.event}{notice.path}{notice.subject}"
    assert not User.objects.filter(email="new@members.example").exists()


def test_invite_person_twice_with_one_key_is_one_invitation(stage: Stage) -> None:
    key = uuid.uuid4()
    first = services.invite_person(offer(stage), actor=stage.officer, key=key)
    before = state()
    assert services.invite_person(offer(stage), actor=stage.officer, key=key) == first
    assert state() == before


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "an officer makes no manager": ("officer", {"role": Role.MANAGER, "participant": None}, ""),
    "an officer makes no officer": ("officer", {"role": Role.OFFICER, "participant": None}, ""),
    "an admin names no focal point": ("admin", {}, ""),
    "a focal point names none for another": ("focal_point", {"role": Role.REVIEWER}, ""),
    "a reviewer names nobody": ("reviewer", {"role": Role.REVIEWER, "participant": "own"}, ""),
    "an alternate names nobody": ("alternate", {"role": Role.REVIEWER, "participant": "own"}, ""),
    "a focal point names no focal point": ("focal_point", {"participant": "own"}, ""),
    "no letter": ("officer", {"letter": " "}, "letter"),
    "no participant": ("manager", {"participant": None}, "")
    ,
    "a body for a focal point": ("officer", {"body": "own"}, "body"),
    "no address": ("officer", {"email": "new@"}, "email"),
    "somebody holds it": ("officer", {"participant": "own"}, "replaces"),
    "holds it already": ("officer", {"participant": "own", "email": "FOCAL.AA@members.example"}, "email"),
    "past": ("officer", {"ends_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "until"),
    "ends before it begins": (
        "officer",
        {"starts_at": dt.datetime(2090, 1, 2, tzinfo=dt.UTC), "ends_at": dt.datetime(2090, 1, 1, tzinfo=dt.UTC)},
        "until",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_invite_person_refuses_and_leaves_nothing(stage: Stage, case: str) -> None:
    who, changes, field = REFUSED[case]
    known = {"participant": stage.states[0], "body": stage.body}
    changes = {name: known[name] if value == "own" else value for name, value in changes.items()}
    before = state()
    with pytest.raises(NotAllowed) as refused:
        invite(stage, by=getattr(stage, who), **changes)
    assert refused.value.field == field
    assert state() == before


def test_invite_person_refuses_a_second_open_invitation_and_a_closed_account(stage: Stage) -> None:
    invite(stage)
    UserFactory(email="gone@members.example", is_active=False)
    before = state()
    for email in ("NEW@members.example", "gone@members.example"):
        with pytest.raises(NotAllowed):
            invite(stage, email=email)
    assert state() == before


def test_a_focal_point_invites_a_reviewer_without_a_letter(stage: Stage) -> None:
    made = invite(stage, by=stage.focal_point, role=Role.REVIEWER, participant=stage.states[0], letter="")
    assert made.letter == "Named by the focal point"


def test_accept_as_newcomer(stage: Stage) -> None:
    made = invite(stage, function="Director")
    audit, token = AuditEntry.objects.count(), token_of(made)
    post = services.accept_as_newcomer(token, NEW)
    user = User.objects.get(email="new@members.example")
    assert (user.name, user.time_zone, user.check_password(PASSWORD)) == ("Ms New", "Asia/Colombo", True)
    assert (post.user, post.role, post.participant) == (user, "focal_point", stage.observer_state)
    assert (post.letter, post.function, post.ends_at) == (LETTER, "Director", None)
    assert [one.pk for one in reader_of(user).appointments] == [post.pk]
    made.refresh_from_db()
    assert (made.accepted_by, made.accepted_at) == (user, post.starts_at)
    assert AuditEntry.objects.count() == audit + 1
    with pytest.raises(LinkDead):
        services.accept_as_newcomer(token, NEW)
    assert User.objects.filter(email="new@members.example").count() == 1


def test_accept_by_a_known_address_adds_a_post_and_no_account(stage: Stage) -> None:
    made = invite(stage, email="Focal.AA@members.example")
    people, token = User.objects.count(), token_of(made)
    assert "You have an account already" in Notice.objects.latest("pk").body
    with pytest.raises(NotAllowed):
        services.accept_as_newcomer(token, NEW)
    for other in (stage.other, stage.officer):
        with pytest.raises(NotAllowed):
            services.accept_invitation(token, user=other)
    services.accept_invitation(token, user=stage.focal_point)
    assert User.objects.count() == people
    assert {one.participant_id for one in reader_of(stage.focal_point).appointments} == {
        stage.states[0].pk,
        stage.observer_state.pk,
    }


def test_a_successor_ends_the_old_post_that_instant_and_its_person_is_told(stage: Stage) -> None:
    old = stage.focal_point.appointments.get()
    made = invite(stage, participant=stage.states[0], replaces=True)
    assert reader_of(stage.focal_point).appointments, "the invitation alone ends nothing"
    notices = Notice.objects.count()
    post = services.accept_as_newcomer(token_of(made), NEW)
    old.refresh_from_db()
    assert old.ends_at == post.starts_at
    assert not reader_of(stage.focal_point).appointments
    assert Notice.objects.count() == notices + 1
    told = Notice.objects.latest("pk")
    assert (told.kind, told.address) == (Kind.POST_ENDED, "focal.aa@members.example")


def test_a_successor_with_a_day_to_come_leaves_the_old_one_in_office_until_then(stage: Stage) -> None:
    day = clock() + dt.timedelta(days=10)
    made = invite(stage, participant=stage.states[0], replaces=True, starts_at=day)
    post = services.accept_as_newcomer(token_of(made), NEW)
    assert post.starts_at == day
    assert stage.focal_point.appointments.get().ends_at == day
    assert reader_of(stage.focal_point).appointments
    assert not reader_of(post.user).appointments


def test_a_post_that_was_filled_meanwhile_is_not_taken_over(stage: Stage) -> None:
    first, second = invite(stage), invite(stage, email="second@members.example")
    services.accept_as_newcomer(token_of(second), NEW)
    before = state()
    with pytest.raises(NotAllowed):
        services.accept_as_newcomer(token_of(first), NEW)
    assert state() == before


def test_renew_kills_the_old_link(stage: Stage) -> None:
    made = invite(stage)
    old = token_of(made)
    Invitation.objects.update(expires_at=clock() - dt.timedelta(seconds=1))
    with pytest.raises(LinkDead):
        services.accept_as_newcomer(old, NEW)
    services.renew_invitation(made.pk, actor=stage.officer, key=uuid.uuid4())
    new = token_of(made)
    assert new != old
    with pytest.raises(LinkDead):
        services.accept_as_newcomer(old, NEW)
    services.accept_as_newcomer(new, NEW)


def test_revoke_kills_the_link_and_an_accepted_one_stays(stage: Stage) -> None:
    made, other = invite(stage), invite(stage, email="second@members.example", role=Role.REVIEWER)
    services.revoke_invitation(made.pk, actor=stage.officer, key=uuid.uuid4())
    with pytest.raises(LinkDead):
        services.accept_as_newcomer(token_of(made), NEW)
    services.accept_as_newcomer(token_of(other), NEW)
    for deed in (services.revoke_invitation, services.renew_invitation):
        before = state()
        with pytest.raises(NotAllowed):
            deed(other.pk, actor=stage.officer, key=uuid.uuid4())
        assert state() == before


@pytest.mark.parametrize("deed", [services.revoke_invitation, services.renew_invitation])
def test_another_focal_point_answers_no_invitation_of_ours(stage: Stage, deed: Any) -> None:
    made = invite(stage, by=stage.focal_point, role=Role.REVIEWER, participant=stage.states[0])
    with pytest.raises(NotAllowed):
        deed(made.pk, actor=stage.other, key=uuid.uuid4())


def test_the_link_by_get_and_head_changes_nothing(stage: Stage) -> None:
    path = reverse("people:invitation-accept", args=[token_of(invite(stage))])
    before = (state(), list(Invitation.objects.values()))
    for method in ("get", "head", "get"):
        response = getattr(Client(), method)(path)
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
    page = text(Client().get(path))
    assert "Focal point of Osland" in page
    assert 'value="Asia/Colombo" selected' in page
    assert (state(), list(Invitation.objects.values())) == before


def test_dead_links_answer_alike(stage: Stage, client: Client) -> None:
    links = [invite(stage, email=f"p{n}@members.example", role=Role.REVIEWER) for n in range(3)]
    tokens = [*(token_of(one) for one in links), "unknown"]
    services.accept_as_newcomer(tokens[0], NEW)
    services.revoke_invitation(links[1].pk, actor=stage.officer, key=uuid.uuid4())
    Invitation.objects.filter(pk=links[2].pk).update(expires_at=clock())
    answers = set()
    for token in tokens:
        for answer in (client.get(f"/invitation/{token}/"), client.post(f"/invitation/{token}/")):
            answers.add((answer.status_code, text(answer).replace(token, "")))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    assert "ask who invited you to send it again" in next(iter(answers))[1]


def test_a_new_person_sets_up_the_account_and_is_signed_in(stage: Stage, client: Client) -> None:
    path = f"/invitation/{token_of(invite(stage))}/"
    typed = {"name": "Ms New", "time_zone": "Asia/Colombo", "password1": "short", "password2": "other"}
    page = text(client.post(path, typed))
    assert "<title>Error: Invitation" in page
    assert "The two passwords differ" in page
    assert 'value="Ms New"' in page
    assert not User.objects.filter(email="new@members.example").exists()
    response = client.post(path, {**typed, "password1": PASSWORD, "password2": PASSWORD})
    assert (response.status_code, response.url) == (302, "/")
    assert "You act as Focal point, Osland from now on." in text(client.get("/forum/"))
    assert client.session["_auth_user_id"] == str(User.objects.get(email="new@members.example").pk)


def test_a_known_person_signs_in_first(stage: Stage, client: Client) -> None:
    path = f"/invitation/{token_of(invite(stage, email='stranger@members.example'))}/"
    assert f"/accounts/login/?next={path}" in text(client.get(path))
    posts = Appointment.objects.count()
    assert client.post(path).status_code == 200
    client.force_login(stage.other)
    assert "This invitation is for stranger@members.example" in text(client.get(path))
    assert "This invitation is for stranger@members.example" in text(client.post(path))
    assert Appointment.objects.count() == posts
    client.force_login(stage.stranger)
    assert "Accept the post" in text(client.get(path))
    assert client.post(path).status_code == 302
    assert Appointment.objects.count() == posts + 1


def send(client: Client, query: str = "", **typed: str) -> Any:
    return client.post(f"/people/invite/{query}", {"key": str(uuid.uuid4()), "email": "new@members.example", **typed})


def test_staff_invites_by_the_page(stage: Stage, client: Client) -> None:
    client.force_login(stage.officer)
    assert "Invite a person" in text(client.get("/people/invite/?participant=OO"))
    page = text(send(client, role="focal_point", participant="OO"))
    assert "Name the letter that makes this appointment" in page
    response = send(client, role="focal_point", participant="OO", letter=LETTER, until="2036-12-31")
    assert response.url == "/people/?participant=OO"
    made = Invitation.objects.get()
    assert made.ends_at == dt.datetime(2036, 12, 31, 17, tzinfo=dt.UTC), "to the end of the day in Bangkok"
    assert "new@members.example" in text(client.get(response.url))


def test_a_focal_point_invites_by_the_page_for_its_own_alone(stage: Stage, client: Client) -> None:
    client.force_login(stage.focal_point)
    assert "You invite for Aland" in text(client.get("/people/invite/"))
    assert "Choose one of" not in text(client.get("/people/invite/"))
    for query in ("?participant=BB", "?participant=none"):
        assert send(client, query, role="reviewer").status_code == 404
    page = text(send(client, role="focal_point"))
    assert "Error: Invite a person" in page
    assert send(client, role="reviewer", participant="BB").url == "/people/?participant=AA"
    assert Invitation.objects.get().participant == stage.states[0]


@pytest.mark.parametrize("who", ["stranger", "observer", "reviewer", "alternate", "co_chair"])
def test_others_know_of_no_such_page(stage: Stage, client: Client, who: str) -> None:
    client.force_login(getattr(stage, who))
    made = invite(stage)
    for path in ("/people/", "/people/invite/", "/people/?participant=AA"):
        assert client.get(path).status_code == 404
    for verb in ("renew", "revoke"):
        assert client.post(f"/people/invitations/{made.pk}/{verb}/", {"key": str(uuid.uuid4())}).status_code == 404


def test_one_account_may_be_invited_to_many_bodies_as_co_chair(stage: Stage) -> None:
    user = UserFactory(email="chair@members.example")
    AppointmentFactory(user=user, role="co_chair", participant=stage.states[2])
    made = invite(stage, email=user.email, role=Role.CO_CHAIR, participant=stage.states[2], body=stage.body)
    services.accept_invitation(token_of(made), user=user)
    assert reader_of(user).co_chaired_body_ids == {None, stage.body.pk}
