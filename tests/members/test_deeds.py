"""Admissions, names, mergers: the rows, exactly one audit row, and on refusal nothing at all."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.db import connection

from audit.models import AuditEntry
from members import services
from members.directory import counts, name_on, participants_of
from members.enums import AdmissionState, Role, StandingKind
from members.models import (
    Admission,
    AdmissionStage,
    AdmissionStep,
    Alias,
    Body,
    FormerName,
    Merger,
    Participant,
    Standing,
    User,
)
from members.rules import NotAllowed
from members.services.participants import Newcomer
from tests.factories.directory import (
    AppointmentFactory,
    BodyFactory,
    ForumFactory,
    ParticipantFactory,
    StandingFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 1)
TODAY = "2026-11-24T03:00:00+00:00"
NEW = Newcomer("NT", "state", "Nova Terra", "Republic of Nova Terra")


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def officer() -> User:
    ForumFactory.create()
    for position, word in enumerate(("proposed", "decided", "endorsed", "welcomed"), 1):
        AdmissionStage.objects.create(slug=word, position=position, word=word.capitalize(), sentence=f"{word}.")
    user = UserFactory.create(email="officer@office.example")
    AppointmentFactory.create(user=user, role=Role.OFFICER.value)
    return user


def propose(officer: User, who: Participant | Newcomer = NEW, **changes: object) -> Admission:
    terms = {"standing": "member", "body": None, "on": DAY, "source": "Letter of 1 November", "key": uuid.uuid4()}
    return services.propose_admission(who, actor=officer, **(terms | changes))  # type: ignore[arg-type]


def step(officer: User, admission: Admission, on: dt.date = DAY, **changes: object) -> Admission:
    terms = {"on": on, "source": "Record", "key": uuid.uuid4()}
    return services.record_admission_step(admission.pk, actor=officer, **(terms | changes))  # type: ignore[arg-type]


def everything() -> list[int]:
    models = (Participant, Alias, Admission, AdmissionStep, Standing, FormerName, Merger, AuditEntry)
    return [model._default_manager.count() for model in models]


def refused(field: str, sentence: str, deed: Callable[[], object]) -> None:
    before = everything()
    with pytest.raises(NotAllowed, match=sentence) as refusal:
        deed()
    assert refusal.value.field == field
    assert everything() == before


def test_admission_from_proposal_to_welcome_makes_a_member_from_the_last_day(officer: User) -> None:
    admission = propose(officer)
    newcomer = Participant.objects.get(code="NT")
    assert (newcomer.slug, newcomer.sort_key, newcomer.formal_name) == ("nova-terra", "nova terra", NEW.formal_name)
    assert counts(dt.date(2026, 11, 24))["member_state"] == 0
    assert not newcomer.is_public
    for day in (3, 5, 7):
        assert admission.state == AdmissionState.OPEN.value
        admission = step(officer, admission, dt.date(2026, 11, day))
    assert admission.state == AdmissionState.COMPLETED.value
    assert counts(dt.date(2026, 11, 6))["member_state"] == 0
    assert counts(dt.date(2026, 11, 7))["member_state"] == 1
    newcomer.refresh_from_db()
    assert newcomer.is_public
    assert list(admission.steps.values_list("stage__slug", "on__day", "recorded_by__email")) == [
        ("proposed", 1, officer.email),
        ("decided", 3, officer.email),
        ("endorsed", 5, officer.email),
        ("welcomed", 7, officer.email),
    ]
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", "detail__stage"))
    assert actions == [
        ("participant.added", None),
        ("admission.proposed", "proposed"),
        ("admission.step_recorded", "decided"),
        ("admission.step_recorded", "endorsed"),
        ("admission.step_recorded", "welcomed"),
    ]


def test_admission_of_an_observer_ends_that_standing_on_the_day_before(officer: User) -> None:
    observer = ParticipantFactory.create()
    StandingFactory.create(participant=observer, standing=StandingKind.OBSERVER.value)
    admission = propose(officer, observer)
    for _ in range(3):
        admission = step(officer, admission, dt.date(2026, 11, 9))
    rows = list(observer.standings.order_by("pk").values_list("standing", "from_on", "to_on"))
    assert rows == [("observer", None, dt.date(2026, 11, 8)), ("member", dt.date(2026, 11, 9), None)]


def test_admission_into_a_body_makes_a_membership_and_leaves_standing_alone(officer: User) -> None:
    body, member = BodyFactory.create(), StandingFactory.create().participant
    admission = propose(officer, member, standing="", body=body)
    for _ in range(3):
        admission = step(officer, admission)
    assert list(participants_of(body, DAY)) == [member]
    assert not list(participants_of(body, DAY - dt.timedelta(days=1)))
    assert member.standings.count() == 1


def test_admission_step_twice_with_one_key_is_one_step(officer: User) -> None:
    key = uuid.uuid4()
    admission = propose(officer, key=key)
    assert propose(officer, key=key) == admission
    again = uuid.uuid4()
    for _ in range(2):
        step(officer, admission, key=again)
    assert admission.steps.count() == 2
    assert AuditEntry.objects.count() == 3


def test_propose_refuses(officer: User) -> None:
    member = StandingFactory.create().participant
    merged = ParticipantFactory.create()
    Merger.objects.create(participant=merged, into=member, on=DAY)
    everyone = BodyFactory.create(takes_all_members=True)
    refused("participant", "is member of the forum already", lambda: propose(officer, member))
    refused("participant", "became part of", lambda: propose(officer, merged))
    refused("body", "nobody is admitted to it", lambda: propose(officer, member, standing="", body=everyone))
    refused("on", "still to come", lambda: propose(officer, on=dt.date(2026, 11, 25)))
    refused(
        "code", f"The code {member.code} belongs", lambda: propose(officer, Newcomer(member.code, "state", "Other"))
    )
    propose(officer)
    nova = Participant.objects.get(code="NT")
    refused("participant", "under way already", lambda: propose(officer, nova))
    refused("short_name", "belongs to Nova Terra", lambda: propose(officer, Newcomer("N2", "state", "NOVA TERRA")))


def test_propose_without_stages_refuses(officer: User) -> None:
    AdmissionStage.objects.all().delete()
    refused("", "has no stages", lambda: propose(officer))


def test_step_refuses(officer: User) -> None:
    admission = propose(officer)
    refused("on", "An earlier step was taken on 1 November", lambda: step(officer, admission, dt.date(2026, 10, 31)))
    refused("on", "still to come", lambda: step(officer, admission, dt.date(2026, 11, 25)))
    services.drop_admission(admission.pk, reason="Withdrawn by the State.", actor=officer, key=uuid.uuid4())
    refused("", "This admission is dropped", lambda: step(officer, admission))
    drop = {"reason": "Again.", "actor": officer, "key": uuid.uuid4()}
    refused("", "This admission is dropped", lambda: services.drop_admission(admission.pk, **drop))
    propose(officer, Participant.objects.get(code="NT"))


def test_last_step_refuses_a_standing_that_began_meanwhile(officer: User) -> None:
    admission = propose(officer)
    nova = Participant.objects.get(code="NT")
    for _ in range(2):
        step(officer, admission)
    StandingFactory.create(participant=nova, from_on=dt.date(2026, 11, 20))
    refused("on", "is in the directory already, from 2026-11-20", lambda: step(officer, admission))
    nova.standings.update(standing=StandingKind.OBSERVER.value)
    refused("on", "The present standing began on 20 November 2026", lambda: step(officer, admission))


def rename(officer: User, participant: Participant, **changes: object) -> Participant:
    terms = {"short_name": "Türkland", "formal_name": "", "last_day": DAY, "source": "Note", "key": uuid.uuid4()}
    return services.rename_participant(participant.pk, actor=officer, **(terms | changes))  # type: ignore[arg-type]


def names(participant: Participant, *days: dt.date) -> list[str]:
    rows = Participant.objects.filter(pk=participant.pk)
    return [rows.annotate(name=name_on(day)).get().name for day in days]  # type: ignore[misc]


def test_rename_keeps_the_old_name_for_its_time_and_finds_both(officer: User) -> None:
    participant = ParticipantFactory.create(short_name="Turkland", slug="turkland")
    key = uuid.uuid4()
    for _ in range(2):
        rename(officer, participant, short_name="Anatol", key=key)
    rename(officer, participant, last_day=dt.date(2026, 11, 10))
    participant.refresh_from_db()
    assert (participant.short_name, participant.slug, participant.sort_key) == ("Türkland", "turkland", "turkland")
    days = [dt.date(2020, 1, 1), DAY, dt.date(2026, 11, 2), dt.date(2026, 11, 10), dt.date(2026, 11, 11)]
    assert names(participant, *days) == ["Turkland", "Turkland", "Anatol", "Anatol", "Türkland"]
    # "Turkland" and "Türkland" fold to one spelling, kept once.
    assert set(participant.aliases.values_list("folded", flat=True)) == {"turkland", "anatol"}
    assert AuditEntry.objects.filter(action="participant.renamed", subject_ref=participant.code).count() == 2


def test_rename_refuses(officer: User) -> None:
    other = ParticipantFactory.create(short_name="Otherland")
    Alias.objects.create(participant=other, name="Otterland", folded="otterland")
    participant = ParticipantFactory.create(short_name="Turkland")
    same = {"short_name": "Turkland"}
    refused("short_name", "These are the names it bears already", lambda: rename(officer, participant, **same))
    refused("short_name", "belongs to Otherland", lambda: rename(officer, participant, short_name="OTTERLAND"))
    refused("short_name", "belongs to another", lambda: rename(officer, participant, short_name="Otherland"))
    refused("last_day", "still to come", lambda: rename(officer, participant, last_day=dt.date(2026, 11, 25)))
    rename(officer, participant)
    refused("last_day", "in use until 1 November", lambda: rename(officer, participant, short_name="Third"))


def merge(officer: User, participant: Participant, into: Participant, on: dt.date = DAY) -> Merger:
    terms = {"on": on, "source": "Treaty", "actor": officer, "key": uuid.uuid4()}
    return services.merge_participants(participant.pk, into_id=into.pk, **terms)  # type: ignore[arg-type]


def test_merge_ends_what_the_participant_was_and_keeps_its_record(officer: User) -> None:
    old, new = StandingFactory.create().participant, StandingFactory.create().participant
    body: Body = BodyFactory.create()
    body.memberships.create(participant=old)
    body.chairs.create(participant=old, from_on=dt.date(2020, 1, 1))
    person = AppointmentFactory.create(user=UserFactory.create(), participant=old)
    admission = propose(officer, old, standing="", body=BodyFactory.create())
    merger = merge(officer, old, new)
    assert (merger.into, merger.on) == (new, DAY)
    last = dt.date(2026, 10, 31)
    ended = [old.standings.get().to_on, old.memberships.get().to_on, old.chaired.get().to_on]
    assert ended == [last] * 3
    assert counts(last)["member_state"] == 2
    assert counts(DAY)["member_state"] == 1
    admission.refresh_from_db()
    assert admission.state == AdmissionState.DROPPED.value
    assert f"Became part of {new}" in admission.reason
    person.refresh_from_db()
    assert person.ends_at is None
    entry = AuditEntry.objects.get(action="participant.merged")
    assert (entry.subject_ref, entry.detail["into"], entry.detail["ended"]) == (old.code, new.code, 3)


def test_merge_refuses(officer: User) -> None:
    old, new, third = (StandingFactory.create().participant for _ in range(3))
    refused("into", "part of itself", lambda: merge(officer, old, old))
    refused("on", "still to come", lambda: merge(officer, old, new, dt.date(2026, 11, 25)))
    late = StandingFactory.create(participant=third, from_on=dt.date(2026, 11, 5), standing="observer")
    refused("on", "began on 5 November 2026", lambda: merge(officer, third, new))
    late.delete()
    merge(officer, old, new)
    refused("into", "became part of another participant already", lambda: merge(officer, old, third))
    refused("into", "became part of another participant itself", lambda: merge(officer, third, old))


def test_no_deed_is_recorded_once_the_post_has_ended(officer: User) -> None:
    """The page was opened in office; at the commit the post is asked for again."""
    admission = propose(officer)
    old, new = (StandingFactory.create().participant for _ in range(2))
    services.end_appointment(officer.appointments.get().pk, actor=None, reason="Left")
    drop = {"reason": "Again.", "actor": officer, "key": uuid.uuid4()}
    for deed in (
        lambda: propose(officer, Newcomer("N2", "state", "Nova")),
        lambda: step(officer, admission),
        lambda: services.drop_admission(admission.pk, **drop),
        lambda: rename(officer, old),
        lambda: merge(officer, old, new),
    ):
        refused("", "Your post in the secretariat has ended. Nothing was recorded.", deed)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False], ids=["locked", "twin without the lock"])
def test_two_officers_complete_two_admissions_at_once_and_standing_never_overlaps(
    locks: bool, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both last steps give a standing. Under the participant's lock the second sees the first; else both stand."""
    nova = ParticipantFactory.create(code="NT")
    admissions = [propose(officer, nova, standing=kind) for kind in ("member", "observer")]
    for admission in admissions:
        for _ in range(2):
            step(officer, admission)
    if not locks:
        monkeypatch.setattr(services.admissions, "_locked", lambda one: one)
    meet = threading.Barrier(2)
    outcomes: list[str] = []

    def held_before_the_standing(execute: Any, sql: str, *rest: Any) -> Any:
        """Each waits there for the other, at most a second: under the lock the other cannot come."""
        if sql.startswith('INSERT INTO "members_standing"'):
            with suppress(threading.BrokenBarrierError):
                meet.wait(1)
        return execute(sql, *rest)

    def complete(admission: Admission) -> None:
        try:
            with connection.execute_wrapper(held_before_the_standing):
                step(officer, admission)
            outcomes.append("done")
        except NotAllowed as refusal:
            outcomes.append(refusal.field)
        finally:
            connection.close()

    threads = [threading.Thread(target=complete, args=(one,)) for one in admissions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    overlapping = Standing.objects.filter(participant=nova, to_on__isnull=True).count() == 2
    assert overlapping is not locks
    assert sorted(outcomes) == (["done", "on"] if locks else ["done", "done"])
