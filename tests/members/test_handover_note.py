"""The handover note: its own people alone read it, who speaks writes it, a stale save loses neither text."""

import threading
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages.api import MessageFailure
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.views.debug import SafeExceptionReporterFilter

from audit.history import is_kept
from audit.models import AuditEntry, Submission
from members.enums import Role
from members.models import HandoverNote, Participant, User
from members.rules import NotAllowed
from members.services import end_appointment, handover, write_note
from members.services.handover import NoteIsStale
from tests.factories.circulations import Stage
from tests.factories.directory import ParticipantFactory
from tests.portal.access import PERSONAS, World, make_world

SECRET = "Marker of the note: the deputy minister clears every objection."


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def write(stage: Stage, text: str = SECRET, *, version: int = 0, by: User | None = None, **rest: Any) -> HandoverNote:
    values = {"key": uuid.uuid4(), "actor": by or stage.focal_point, **rest}
    return write_note(stage.states[0], text=text, version=version, **values)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def path_of(participant: Participant) -> str:
    return reverse("members:handover-note-change", args=[participant.slug])


def rows() -> tuple[int, int, list[tuple[str, int]]]:
    notes = list(HandoverNote.objects.values_list("text", "version"))
    return AuditEntry.objects.count(), Submission.objects.count(), notes


def test_write_note_makes_a_version_and_one_audit_row_without_a_word_of_it(stage: Stage) -> None:
    before = AuditEntry.objects.count()
    assert write(stage).version == 1
    assert write(stage, "Another text.", version=1, by=stage.alternate).version == 2
    note = HandoverNote.objects.get()
    assert (note.text, note.written_by) == ("Another text.", stage.alternate)
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [(one.action, one.subject_ref, one.detail) for one in entries] == [
        ("handover_note.changed", "AA", {"version": 1}),
        ("handover_note.changed", "AA", {"version": 2}),
    ]


def test_write_note_twice_with_one_key_is_one(stage: Stage) -> None:
    key = uuid.uuid4()
    assert write(stage, key=key) == write(stage, "Something else", key=key)
    assert rows()[2] == [(SECRET, 1)]


@pytest.mark.parametrize(
    "who", ["reviewer", "observer", "stranger", "officer", "manager", "admin", "other", "co_chair"]
)
def test_write_note_refuses_who_does_not_speak_for_the_participant(stage: Stage, who: str) -> None:
    before = rows()
    with pytest.raises(NotAllowed, match="You do not speak for Aland"):
        write(stage, by=getattr(stage, who))
    assert rows() == before


def test_write_note_refuses_after_the_appointment_ended(stage: Stage) -> None:
    end_appointment(stage.focal_point.appointments.get().pk, actor=stage.officer, reason="Moved")
    before = rows()
    with pytest.raises(NotAllowed, match="has ended"):
        write(stage)
    assert rows() == before


def test_a_version_of_no_note_is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed, match="out of date"):
        write(stage, version=3)


def test_a_stale_save_shows_both_texts_and_loses_neither(stage: Stage) -> None:
    write(stage, "First text.")
    write(stage, "Theirs: Labour answers on Friday.", version=1, by=stage.alternate)
    with pytest.raises(NoteIsStale):
        write(stage, "Mine", version=1)
    client, mine = client_of(stage.focal_point), "Mine: the rooms are promised."
    data = {"key": uuid.uuid4(), "version": "1", "text": mine}
    answer = client.post(path_of(stage.states[0]), data)
    page = answer.content.decode()
    assert "Theirs: Labour answers on Friday." in page
    assert mine in page
    assert "Alternate aa changed the note while you wrote." in page
    assert "<title>Error:" in page
    assert HandoverNote.objects.get().text == "Theirs: Labour answers on Friday."
    assert 'name="version" value="2"' in page, "the next save is made knowing both"
    assert client.post(path_of(stage.states[0]), {**data, "version": "2"}).status_code == 302
    assert HandoverNote.objects.get().text == mine


def seen_by(world: World, persona: str) -> tuple[bool, int]:
    client = world.client(persona)
    page = client.get(world.stage.states[0].get_absolute_url()).content.decode()
    return SECRET in page, client.get(path_of(world.stage.states[0])).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("persona", PERSONAS)
def test_its_own_people_alone_read_the_note(persona: str) -> None:
    """Not staff, not admins, not co-chairs, not who was a focal point once."""
    world = make_world()
    write(world.stage)
    reads, status = seen_by(world, persona)
    assert reads is (persona in {"focal_point", "alternate", "reviewer"})
    expected = {"focal_point": 200, "alternate": 200, "reviewer": 403, "anonymous": 302, "suspended": 302}
    assert status == expected.get(persona, 404)


@pytest.mark.parametrize("role", [Role.OBSERVER_DELEGATE, Role.CO_CHAIR])
def test_who_acts_for_the_participant_otherwise_does_not_read_it(stage: Stage, role: Role) -> None:
    write(stage)
    client = client_of(stage.person("someone", role, stage.states[0]))
    assert SECRET not in client.get(stage.states[0].get_absolute_url()).content.decode()
    assert client.get(path_of(stage.states[0])).status_code == 404


def test_the_note_is_in_no_admin_no_history_and_no_audit(stage: Stage) -> None:
    assert HandoverNote not in admin.site._registry
    assert not is_kept(HandoverNote)
    for model in admin.site._registry:
        names = {field.related_model for field in model._meta.get_fields() if field.concrete}
        assert HandoverNote not in names, model
    write(stage)
    client = client_of(stage.focal_point)
    client.post(path_of(stage.states[0]), {"key": uuid.uuid4(), "version": "1", "text": SECRET + " More."})
    holding = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", ["%Marker of the note%"])
            if cursor.fetchone()[0]:
                holding.add(table)
    assert holding == {"members_handovernote"}


def test_an_error_while_saving_reports_nothing_of_the_text(stage: Stage, rf: Any, settings: Any) -> None:
    """What the report of a failed request would hold: the text is starred out."""
    from members.access import reader_of
    from members.views.handover import handover_note_change

    settings.DEBUG = False
    request = rf.post(path_of(stage.states[0]), {"key": uuid.uuid4(), "version": "0", "text": SECRET})
    request.user, request.reader = stage.focal_point, reader_of(stage.focal_point)
    with pytest.raises(MessageFailure):
        handover_note_change(request, stage.states[0].slug)
    assert SECRET not in str(SafeExceptionReporterFilter().get_post_parameters(request))


def test_words_of_the_note_stay_words(stage: Stage) -> None:
    write(stage, "<script>alert(1)</script>\n\nSecond {{ forum }} paragraph.")
    page = client_of(stage.reviewer).get(stage.states[0].get_absolute_url()).content.decode()
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page
    assert "<p>Second {{ forum }} paragraph.</p>" in page
    assert "Write the note" not in page
    assert "Change the note" not in page


def test_form_says_for_whom_one_writes_and_refuses_a_text_too_long(stage: Stage) -> None:
    client = client_of(stage.focal_point)
    page = client.get(path_of(stage.states[0])).content.decode()
    assert "Note of Aland" in page
    assert "You write as Focal point, Aland." in page
    long = {"key": uuid.uuid4(), "version": "0", "text": "x" * (handover.LONGEST + 1)}
    assert "at most 20000 characters" in client.post(path_of(stage.states[0]), long).content.decode()
    for wrong in ({"version": "0", "text": "No key"}, {"key": uuid.uuid4(), "version": "-1", "text": "x"}):
        assert client.post(path_of(stage.states[0]), wrong).status_code == 200
    assert not HandoverNote.objects.exists()


def test_two_participants_of_one_person_have_two_notes(stage: Stage) -> None:
    second = ParticipantFactory(code="DD", short_name="Dorland")
    stage.focal_point.appointments.create(
        role=Role.ALTERNATE.value, participant=second, starts_at=stage.focal_point.appointments.get().starts_at
    )
    write(stage)
    client = client_of(stage.focal_point)
    assert SECRET not in client.get(second.get_absolute_url()).content.decode()
    assert SECRET not in client.get(path_of(second)).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False], ids=["locked", "twin without the lock"])
def test_a_note_does_not_outlive_the_appointment_of_its_writer(locks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The save is under way when the appointment is ended. Under the lock the ending waits; else it comes first and
    the text of somebody out of office is saved after it."""
    stage = Stage()
    appointment = stage.focal_point.appointments.get()
    if not locks:
        monkeypatch.setattr(handover, "hold_speaker", lambda actor, participant: appointment)
    held, go = threading.Event(), threading.Event()

    def held_before_the_note(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "members_handovernote"'):
            held.set()
            go.wait(10)
        return execute(sql, *rest)

    def save() -> None:
        try:
            with connection.execute_wrapper(held_before_the_note):
                write(stage)
        finally:
            connection.close()

    def end() -> None:
        try:
            end_appointment(appointment.pk, actor=stage.officer, reason="Moved")
        finally:
            connection.close()

    saving, ending = threading.Thread(target=save), threading.Thread(target=end)
    saving.start()
    assert held.wait(10)
    ending.start()
    ending.join(0.7)
    ended_first = not ending.is_alive()
    go.set()
    saving.join(10)
    ending.join(10)
    assert ended_first is not locks
    assert HandoverNote.objects.get().text == SECRET


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False], ids=["locked", "twin without the lock"])
def test_two_who_save_at_once_lose_no_text(locks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both begin from version 1. Under the lock the second is told; else it overwrites what the first saved."""
    stage = Stage()
    write(stage, "First.")
    if not locks:
        monkeypatch.setattr(handover, "_lock_note_of", lambda participant: None)
    meet, outcomes = threading.Barrier(2), []

    def held_before_the_note(execute: Any, sql: str, *rest: Any) -> Any:
        """Each waits there for the other, at most a second: under the lock the other cannot come."""
        if sql.startswith('UPDATE "members_handovernote"'):
            with suppress(threading.BrokenBarrierError):
                meet.wait(1)
        return execute(sql, *rest)

    def save(user: User) -> None:
        try:
            with connection.execute_wrapper(held_before_the_note):
                write(stage, f"By {user}", version=1, by=user)
            outcomes.append("saved")
        except NoteIsStale:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(one,)) for one in (stage.focal_point, stage.alternate)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes) == (["saved", "told"] if locks else ["saved", "saved"])
    assert HandoverNote.objects.get().version == 2
