"""Posts: ended, changed, confirmed; warned of in time; kept while a circulation is open. And nothing when refused."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from endorsements.services.posts import confirm_or_lapse_posts
from members import services
from members.access import reader_of
from members.clock import clock
from members.directory import today
from members.enums import Role
from members.invitations import vacant_posts
from members.models import Appointment, User
from members.rules import NotAllowed
from notifications.enums import Kind
from notifications.models import Notice
from tests.factories.circulations import Stage
from tests.factories.directory import AppointmentFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def stage(db: None) -> Stage:
    """Everybody took office today but the people of Aland."""
    made = Stage()
    Appointment.objects.exclude(participant=made.states[0]).update(starts_at=timezone.now())
    return made


def post_of(user: User) -> Appointment:
    found: Appointment = user.appointments.get()
    return found


def state() -> tuple[Any, ...]:
    counted = [model.objects.count() for model in (Appointment, AuditEntry, Notice)]
    return *counted, list(Appointment.objects.order_by("pk").values())


def told(kind: Kind) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("address", flat=True))


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


MAY_END = {
    ("officer", "reviewer"), ("officer", "focal_point"), ("officer", "co_chair"), ("officer", "observer"),
    ("manager", "reviewer"), ("manager", "focal_point"), ("manager", "co_chair"), ("manager", "observer"),
    ("manager", "officer"), ("manager", "manager"), ("admin", "officer"), ("admin", "manager"),
    ("focal_point", "reviewer"), ("focal_point", "alternate"), ("officer", "alternate"), ("manager", "alternate"),
}  # fmt: skip
WHO = ["officer", "manager", "admin", "focal_point", "alternate", "reviewer", "other", "co_chair", "stranger"]
WHOSE = ["officer", "manager", "focal_point", "alternate", "reviewer", "co_chair", "observer"]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("whose", WHOSE)
def test_who_ends_which_post(stage: Stage, who: str, whose: str) -> None:
    post, before = post_of(getattr(stage, whose)), state()
    if (who, whose) in MAY_END:
        services.end_appointment(post.pk, actor=getattr(stage, who), reason="Moved")
        assert [a - b for a, b in zip(state()[:3], before[:3], strict=True)] == [0, 1, 1]
        assert told(Kind.POST_ENDED) == [post.user.email]
        assert not reader_of(post.user).appointments
    else:
        with pytest.raises(NotAllowed):
            services.end_appointment(post.pk, actor=getattr(stage, who), reason="Moved")
        assert state() == before


def test_ended_twice_is_ended_once(stage: Stage) -> None:
    services.end_appointment(post_of(stage.reviewer).pk, actor=stage.officer, reason="Moved")
    before = state()
    services.end_appointment(post_of(stage.reviewer).pk, actor=stage.officer, reason="Moved")
    assert state() == before


def change(post: Appointment, by: User, **more: Any) -> Appointment:
    return services.change_appointment(post.pk, **{"function": "Director", "actor": by, "key": uuid.uuid4(), **more})


def test_change_the_function_and_the_term(stage: Stage) -> None:
    audit = AuditEntry.objects.count()
    assert change(post_of(stage.reviewer), stage.focal_point).function == "Director"
    until = clock() + 90 * DAY
    assert change(post_of(stage.reviewer), stage.officer, ends_at=until, changes_term=True).ends_at == until
    change(post_of(stage.reviewer), stage.officer, ends_at=until, changes_term=True)
    assert AuditEntry.objects.count() == audit + 2, "what changes nothing leaves no row"


def test_change_refuses_and_leaves_nothing(stage: Stage) -> None:
    later = clock() + 90 * DAY
    reviewer, focal = post_of(stage.reviewer), post_of(stage.focal_point)
    Appointment.objects.filter(pk=focal.pk).update(ends_at=later)
    AppointmentFactory(role="focal_point", participant=stage.states[0], starts_at=later)
    before = state()
    for post, by, more in [
        (reviewer, stage.other, {}),
        (reviewer, stage.focal_point, {"ends_at": later, "changes_term": True}),
        (reviewer, stage.officer, {"ends_at": clock() - DAY, "changes_term": True}),
        (focal, stage.officer, {"ends_at": later + DAY, "changes_term": True}),
        (focal, stage.officer, {"changes_term": True}),
    ]:
        with pytest.raises(NotAllowed):
            change(post, by, **more)
    assert state() == before


def test_a_term_that_ends_soon_is_told_once(stage: Stage) -> None:
    reviewer = post_of(stage.reviewer)
    for days, number in [(31, 0), (29, 1)]:
        Appointment.objects.filter(pk=reviewer.pk).update(ends_at=timezone.now() + days * DAY)
        assert services.warn_ending_terms() == number
    assert told(Kind.TERM_ENDING) == [
        "focal.aa@members.example",
        "ministry@aa.example",
        "officer@members.example",
        "reviewer.aa@members.example",
    ]
    before = state()
    assert services.warn_ending_terms() == 0
    assert state() == before
    Appointment.objects.filter(pk=reviewer.pk).update(ends_at=timezone.now() + 20 * DAY)
    assert services.warn_ending_terms() == 1, "a term that was moved is told anew"


def asked_before(post: Appointment, *days: int) -> None:
    for one in days:
        AuditEntry.objects.create(
            action="appointment.confirmation_asked", subject_kind="appointment", subject_ref=str(post.pk),
            at=clock() - one * DAY,
        )  # fmt: skip


def test_confirmation_is_asked_of_the_focal_point_by_one_mail(stage: Stage) -> None:
    audit = AuditEntry.objects.count()
    confirm_or_lapse_posts()
    assert told(Kind.CONFIRM_ASKED) == ["focal.aa@members.example", "ministry@aa.example"]
    assert AuditEntry.objects.count() == audit + 3, "focal point, alternate and reviewer"
    body = Notice.objects.filter(kind=Kind.CONFIRM_ASKED)[0].body
    for name in ("Focal aa", "Alternate aa", "Reviewer aa"):
        assert name in body
    before = state()
    confirm_or_lapse_posts()
    assert state() == before, "a second scheduler changes nothing"


def test_confirmation_of_staff_goes_to_managers_and_of_co_chairs_to_officers(stage: Stage) -> None:
    Appointment.objects.filter(participant=stage.states[0]).update(starts_at=timezone.now())
    for user in (stage.officer, stage.co_chair):
        user.appointments.update(starts_at=timezone.now() - 366 * DAY)
    confirm_or_lapse_posts()
    assert told(Kind.CONFIRM_ASKED) == ["manager@members.example", "officer@members.example"]


def test_a_post_that_nobody_confirmed_lapses_after_three_reminders(stage: Stage) -> None:
    reviewer, alternate = post_of(stage.reviewer), post_of(stage.alternate)
    asked_before(reviewer, 43, 29, 15)
    asked_before(alternate, 41, 27, 13)
    confirm_or_lapse_posts()
    assert told(Kind.POST_ENDED) == ["reviewer.aa@members.example"]
    assert not reader_of(stage.reviewer).appointments
    assert reader_of(stage.alternate).appointments
    entry = AuditEntry.objects.filter(action="appointment.ended").get()
    assert (entry.actor, entry.detail["reason"]) == (None, "Nobody confirmed it after three reminders.")


def test_no_post_lapses_while_a_circulation_is_open_and_the_official_address_is_told(stage: Stage) -> None:
    stage.opened()
    asked_before(post_of(stage.focal_point), 43, 29, 15)
    for _ in range(2):
        confirm_or_lapse_posts()
        assert reader_of(stage.focal_point).appointments
    assert told(Kind.POST_KEPT) == ["focal.aa@members.example", "ministry@aa.example", "officer@members.example"]
    assert AuditEntry.objects.filter(action="appointment.kept").count() == 1
    services.review_posts(is_busy=lambda participant_id: False)
    assert not reader_of(stage.focal_point).appointments, "once it has ended, the post lapses"


def test_a_focal_point_confirms_by_one_post(stage: Stage) -> None:
    client = Client()
    client.force_login(stage.focal_point)
    page = text(client.get("/people/confirm/"))
    chosen = [post_of(one).pk for one in (stage.focal_point, stage.reviewer)]
    for name in ("Focal aa", "Alternate aa", "Reviewer aa"):
        assert name in page
    audit = AuditEntry.objects.count()
    assert client.post("/people/confirm/", {"key": uuid.uuid4(), "posts": chosen}).status_code == 302
    assert AuditEntry.objects.count() == audit + 2
    confirmed = Appointment.objects.filter(confirmed_at__isnull=False).values_list("pk", flat=True)
    assert sorted(confirmed) == sorted(chosen)
    confirm_or_lapse_posts()
    assert "Reviewer aa" not in Notice.objects.filter(kind=Kind.CONFIRM_ASKED)[0].body


def test_confirming_for_another_participant_is_refused(stage: Stage) -> None:
    before = state()
    with pytest.raises(NotAllowed):
        services.confirm_appointments(
            stage.states[0].pk, [post_of(stage.reviewer).pk], actor=stage.other, key=uuid.uuid4()
        )
    assert state() == before
    posts = [post_of(stage.other).pk]
    number = services.confirm_appointments(stage.states[0].pk, posts, actor=stage.focal_point, key=uuid.uuid4())
    assert number == 0, "a post of another participant is none of this one's"


def test_vacant_posts(stage: Stage, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # the forum's day, then one
        rows = vacant_posts(today())
    found = {row["participant"].code: (row["focal_point"], row["alternate"]) for row in rows}
    assert found == {"BB": (False, True), "CC": (False, True), "ORG": (False, True)}
    services.end_appointment(post_of(stage.focal_point).pk, actor=stage.officer, reason="Moved")
    first = vacant_posts(today())[0]
    assert (first["participant"].code, first["focal_point"], first["alternate"]) == ("AA", True, False)
    client = Client()
    client.force_login(stage.officer)
    assert "4 members lack a focal point or an alternate" in text(client.get("/people/vacant/"))


@pytest.mark.parametrize("more", [0, 2])
def test_queries_of_the_lists_do_not_grow(stage: Stage, more: int, django_assert_num_queries: Any) -> None:
    from tests.factories.directory import InvitationFactory

    for n in range(more + 1):
        place = stage.states[0]
        InvitationFactory(participant=place, invited_by=stage.officer, token_sha256=f"{n}", email=f"n{n}@b.example")
        AppointmentFactory(user=UserFactory(), role=Role.REVIEWER.value, participant=place)
    client = Client()
    client.force_login(stage.officer)
    for path, number in [("/people/?participant=AA", 9), ("/people/invitations/", 7), ("/people/vacant/", 7)]:
        with django_assert_num_queries(number):
            page = text(client.get(path))
    assert client.get("/people/invitations/?fate=open&role=reviewer&words=n0@").status_code == 200
    assert "n0@b.example" in text(client.get("/people/invitations/?fate=open&role=reviewer&words=n0@"))
    assert "None fits." in text(client.get("/people/invitations/?fate=revoked"))
    assert page


def test_the_page_of_a_post_corrects_and_ends_it(stage: Stage) -> None:
    client, post = Client(), post_of(stage.reviewer)
    client.force_login(stage.focal_point)
    assert "Reviewer of Aland." in text(client.get(f"/people/posts/{post.pk}/"))
    typed = {"change-key": uuid.uuid4(), "change-function": "Second Secretary"}
    assert client.post(f"/people/posts/{post.pk}/change/", typed).url == "/people/?participant=AA"
    assert "Second Secretary" in text(client.get("/people/"))
    page = text(client.post(f"/people/posts/{post.pk}/end/", {"end-key": uuid.uuid4()}))
    assert "Error: Reviewer of Aland" in page
    assert "Say in a sentence why it ends." in page
    client.post(f"/people/posts/{post.pk}/end/", {"end-key": uuid.uuid4(), "end-reason": "Moved"})
    assert not reader_of(stage.reviewer).appointments
