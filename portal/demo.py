"""The demonstration, made by the portal's own deeds from forum/…/demo/: people, drafts, a meeting, three circulations.

Register, notices and endings are genuine: each round of notices is sent before the deadline of its circulation.
"""

import datetime as dt
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.files.base import ContentFile

from documents.models import Version
from documents.services import upload_draft
from endorsements import services
from endorsements.calendar import earliest_deadline
from endorsements.enums import PositionKind, State
from endorsements.models import Circulation, Procedure
from endorsements.services import Plan, Reply
from endorsements.services.publishing import publish_head
from members.access import forum
from members.clock import clock
from members.directory import co_chairs_of, participants_of, today
from members.enums import Role
from members.models import Appointment, Body, Participant, User
from notifications.drainer import drain
from notifications.enums import NoticeState
from notifications.models import Notice
from notifications.tasks import read_reports
from portal.demo_meeting import call_meeting, plan_meeting, put_agenda

SECONDS_OPEN = 15
DAYS_BEYOND_MINIMUM = 3
DRAIN_SECONDS = 20.0
FUNCTIONS = {
    Role.FOCAL_POINT: "Deputy head of division, consular department",
    Role.OBSERVER_DELEGATE: "Counsellor of the embassy",
    Role.CO_CHAIR: "Ambassador for migration",
}


@dataclass
class Cast:
    """The invented people."""

    officer: User
    manager: User
    focal_points: dict[str, User]


def load(folder: Path, password: str) -> list[Circulation]:
    """Make the demonstration in an empty portal. The closed circulations take SECONDS_OPEN seconds."""
    plan = yaml.safe_load((folder / "demo.yaml").read_text(encoding="utf-8"))
    body = Body.objects.get(slug=plan["body"])
    cast = _people(plan, body, password)
    sample = _procedure(plan["procedure"], body)
    plan_meeting(plan["to_call"], cast.officer)
    call_meeting(plan["meeting"], cast.officer, cast.manager, cast.focal_points)
    drain(seconds=DRAIN_SECONDS)
    made = {}
    for one in plan["documents"]:
        version = _upload(folder, one, body, cast)
        is_running = one["circulation"] == "running"
        if is_running:
            _mailboxes(plan["mailboxes"])
        procedure = Procedure.objects.get(body=body, is_sample=False) if is_running else sample
        made[one["circulation"]] = _open(version, body, procedure, cast, is_running=is_running)
        drain(seconds=DRAIN_SECONDS)
        for row in plan["replies"][one["circulation"]]:
            _reply(made[one["circulation"]], row, cast)
    put_agenda(plan["meeting"], cast.officer)
    _close(made["endorsed"])
    drain(seconds=DRAIN_SECONDS)
    _read_returned()
    publish_head()
    return list(made.values())


def _people(plan: dict[str, Any], body: Body, password: str) -> Cast:
    office, outside = plan["office"], plan["outside"]
    for name in plan["admins"]:
        User.objects.create_superuser(f"{name}@{office}", password, name="Administrator", is_sample=True)
    staff = {
        role: [_appoint(f"{name}@{office}", password, role, None) for name in plan[key]]
        for role, key in [(Role.OFFICER, "officers"), (Role.MANAGER, "managers")]
    }
    for role, key in [(Role.CO_CHAIR, "co_chairs"), (Role.OBSERVER_DELEGATE, "observers")]:
        for code, name in plan[key].items():
            _appoint(f"{name}@{outside}", password, role, Participant.objects.get(code=code))
    for name, posts in plan["several_posts"].items():
        _appoint_to_several(f"{name}@{outside}", password, posts)
    focal_points = {
        one.code: _appoint(f"focalpoint.{one.code.lower()}@{outside}", password, Role.FOCAL_POINT, one)
        for one in participants_of(body, today())
        if one.is_state
    }
    return Cast(staff[Role.OFFICER][0], staff[Role.MANAGER][0], focal_points)


def _appoint(email: str, password: str, role: Role, participant: Participant | None) -> User:
    named = Appointment(role=role.value).get_role_display()
    name = f"{named}, {participant}" if participant else named
    user = User.objects.create_user(email, password, name=name, is_sample=True)
    Appointment.objects.create(
        user=user,
        role=role.value,
        participant=participant,
        starts_at=clock(),
        letter="Sample letter",
        function=FUNCTIONS.get(role, ""),
    )
    return user


def _appoint_to_several(email: str, password: str, posts: list[dict[str, str]]) -> None:
    """One person of several posts, who chooses on each page for whom to act."""
    user = User.objects.create_user(email, password, name="Official of several posts", is_sample=True)
    for post in posts:
        Appointment.objects.create(
            user=user,
            role=Role(post["role"]).value,
            participant=Participant.objects.get(code=post["participant"]),
            body=Body.objects.get(slug=post["body"]) if "body" in post else None,
            starts_at=clock(),
            letter="Sample letter",
        )


def _mailboxes(rows: dict[str, str]) -> None:
    """Official addresses that the portal's own receiver returns and refuses, to show mail that does not arrive. Before
    the last circulation alone: in the others everyone was reached."""
    for code, email in rows.items():
        Participant.objects.get(code=code).addresses.create(email=email, label="Sample", is_sample=True)


def _read_returned() -> None:
    """What the portal's own receiver returned, so that it is there when the demonstration is."""
    until = time.monotonic() + DRAIN_SECONDS
    expected = Notice.objects.filter(domain="returned.example").exclude(state=NoticeState.BOUNCED.value)
    while settings.BOUNCE_MAILBOX and expected.exists() and time.monotonic() < until:
        read_reports()
        time.sleep(0.2)


def _procedure(row: dict[str, Any], body: Body) -> Procedure:
    model = Procedure.objects.get(body=body)
    model.pk = None
    model.slug, model.name, model.min_seconds, model.is_sample = row["slug"], row["name"], row["min_seconds"], True
    model.body = None  # any body: so that every ending can be tried
    model.save()
    return model


def _upload(folder: Path, row: dict[str, Any], body: Body, cast: Cast) -> Version:
    return upload_draft(
        symbol=row["symbol"],
        title=row["title"],
        kind=row["kind"],
        body=body,
        file=ContentFile((folder / row["file"]).read_bytes(), name=row["file"]),
        actor=cast.officer,
        key=uuid.uuid4(),
        is_sample=True,
    )


def _open(version: Version, body: Body, procedure: Procedure, cast: Cast, *, is_running: bool) -> Circulation:
    now = clock()
    expires_at = now + dt.timedelta(seconds=SECONDS_OPEN)
    if is_running:
        procedure.min_working_days += DAYS_BEYOND_MINIMUM  # in memory only: a deadline some working days later
        expires_at = earliest_deadline(procedure, forum(), now)
    procedure.refresh_from_db()
    plan = Plan(version, body, procedure, expires_at, "Sample: this circulation is a demonstration.")
    circulation = services.prepare_circulation(plan, actor=cast.officer, key=uuid.uuid4())
    services.ask_approval(circulation.ref, actor=cast.officer, key=uuid.uuid4())
    return services.approve_circulation(
        circulation.ref,
        co_chair=co_chairs_of(body, today())[0],
        evidence="Sample: e-mail of the co-chair to the secretariat, filed with this demonstration.",
        actor=cast.manager,
        key=uuid.uuid4(),
    )


def _reply(circulation: Circulation, row: dict[str, Any], cast: Cast) -> None:
    services.record_position(
        circulation.ref,
        Reply(PositionKind(row["says"]), row.get("text", "")),
        participant=Participant.objects.get(code=row["who"]),
        actor=cast.focal_points[row["who"]],
        key=uuid.uuid4(),
    )


def _close(circulation: Circulation) -> None:
    """Wait for the deadline and close, unless the scheduler was faster."""
    while (left := (circulation.expires_at - clock()).total_seconds()) > 0:
        time.sleep(left)
    services.close_due_circulations()
    circulation.refresh_from_db()
    if circulation.state != State.ENDORSED:
        raise RuntimeError(f"{circulation.ref} ended as {circulation.state}; the demonstration wants it endorsed")
