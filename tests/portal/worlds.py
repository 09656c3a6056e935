"""Worlds of several participants, each full of words that stand nowhere else, and who may come upon each of them."""

import datetime as dt
import uuid

from audit.services import record_audit
from documents.models import Paragraph, Version
from endorsements import services
from endorsements.enums import PositionKind
from endorsements.models import Circulation
from endorsements.services import Plan
from meetings.models import DelegationChange, InformationNote, Meeting
from members.clock import clock
from members.enums import Role
from members.models import Admission, AdmissionStep, HandoverNote, Invitation, Participant, User
from notifications.models import KeptMail, Notice, new_message_id
from tests.factories.circulations import Stage, VersionFactory
from tests.factories.meetings import MeetingFactory, resolve
from tests.portal.access import World, make_world

OFFICE = frozenset({"officer", "manager"})
FORUM_CHAIR = frozenset({"co_chair"})
BOARD = OFFICE | {"co_chair", "group_chair"}
"""Who sees every reply in the first group while it runs."""
AA = frozenset({"focal_point", "alternate", "reviewer"})
BB = frozenset({"other"})
DD = frozenset({"outsider"})
FIRST_GROUP = BOARD | AA | BB | {"third", "org_person"}
OTHER_GROUP = OFFICE | FORUM_CHAIR | DD | {"other_chair"}

MARKERS: dict[str, frozenset[str]] = {
    "Zaaperson": BOARD | AA,
    "zaaaddress": OFFICE | AA,
    "zaaministry": OFFICE | AA,
    "Zaaletter": OFFICE | AA,
    "Zaahandover": AA,
    "zaainvited": OFFICE | AA,
    "Zaainvitee": OFFICE | AA,
    "Zaaproposal": BOARD | AA,
    "Zbbproposal": BOARD | BB,
    "Zbbreason": BOARD | BB,
    "Zbbperson": BOARD | BB,
    "Zddproposal": OTHER_GROUP,
    "Zfirsttitle": FIRST_GROUP,
    "Zfirsttext": FIRST_GROUP,
    "Zfirstparagraph": FIRST_GROUP,
    "Zothertitle": OTHER_GROUP,
    "Zothertext": OTHER_GROUP,
    "Zotherparagraph": OTHER_GROUP,
    "Zdrafttitle": OFFICE,
    "Zdrafttext": OFFICE,
    "Zdraftparagraph": OFFICE,
    "Zevidence": BOARD,
    "Znewcomer": OFFICE | FORUM_CHAIR,
    "Zstepsource": OFFICE | FORUM_CHAIR,
    "Zdelegateaa": OFFICE | AA,
    "Zneedsaa": OFFICE | AA,
    "Zletteraa": OFFICE | AA,
    "Zchangeaa": OFFICE | AA,
    "Zvenueaa": OFFICE | AA,
    "Zclosedmeeting": OFFICE,
    "Zpartoutcome": OFFICE,
    "Zinneroutcome": OFFICE,
    "Zsecretlink": frozenset(),
    "Zkeptsecret": frozenset(),
    "Zauditreason": frozenset(),
}
"""Each word, and the people on whose pages and in whose mails it may stand. What is for nobody is on no page at all."""
UNSEEN = {"Zevidence"}
"""May be seen by somebody, but no page outside Django admin shows it yet."""


class Worlds(World):
    """The stage of the matrix, with words in every corner; `circulations` in every state that a page can show."""

    circulations: list[Circulation]
    running: Circulation


def make_worlds() -> Worlds:
    found = make_world()
    found.__class__ = Worlds
    worlds: Worlds = found  # type: ignore[assignment]
    stage = worlds.stage
    _people(stage)
    worlds.running = Circulation.objects.get()
    first = _circulate(stage, "Zfirst", "harbour-group", stage.states[1])
    stage.reply(first, PositionKind.ENDORSE_WITH_PROPOSALS, text="Zaaproposal")
    stage.reply(first, PositionKind.ENDORSE_WITH_PROPOSALS, by=stage.other, of=stage.states[1], text="Zbbproposal")
    broken = _circulate(stage, "Zfirst", "harbour-group", stage.states[1])
    stage.reply(broken, PositionKind.OBJECTION, by=stage.other, of=stage.states[1], text="Zbbreason")
    elsewhere = Participant.objects.get(code="DD")
    other = _circulate(stage, "Zother", "lantern-group", elsewhere)
    by = stage.outsider  # type: ignore[attr-defined]
    stage.reply(other, PositionKind.ENDORSE_WITH_PROPOSALS, by=by, of=elsewhere, text="Zddproposal")
    draft = services.prepare_circulation(_plan(stage, "Zdraft", "harbour-group"), actor=stage.officer, key=uuid.uuid4())
    worlds.circulations = [worlds.running, first, broken, other, draft]
    _newcomer(stage)
    _meetings(stage)
    _mail(stage)
    return worlds


def _people(stage: Stage) -> None:
    """Names, addresses, posts and what a participant's people keep among themselves."""
    first = stage.states[0]
    User.objects.filter(pk=stage.focal_point.pk).update(name="Zaaperson")
    User.objects.filter(pk=stage.reviewer.pk).update(email="zaaaddress@members.example")
    User.objects.filter(pk=stage.other.pk).update(name="Zbbperson")
    first.addresses.update(email="zaaministry@aa.example")
    HandoverNote.objects.create(participant=first, text="Zaahandover", written_by=stage.focal_point)
    Invitation.objects.create(
        email="zaainvited@members.example", name="Zaainvitee", role=Role.REVIEWER.value, participant=first,
        token_sha256="0" * 64, invited_by=stage.focal_point, expires_at=clock() + dt.timedelta(days=3),
    )  # fmt: skip
    stage.focal_point.appointments.update(letter="Zaaletter")
    record_audit("person.noted", actor=stage.admin, kind="appointment", ref="1", detail={"reason": "Zauditreason"})


def _plan(stage: Stage, word: str, body: str) -> Plan:
    owner = next(one for one in (stage.body, *type(stage.body).objects.all()) if one.slug == body)
    version: Version = VersionFactory(document__body=owner, document__title=f"{word}title")
    Paragraph.objects.filter(version=version).update(text=f"{word}text")
    _file_again(version)
    closes = clock() + dt.timedelta(days=20, hours=12)
    return Plan(version, owner, stage.procedure, closes, paragraph=f"{word}paragraph")


def _file_again(version: Version) -> None:
    """The hash of the text as it stands now."""
    from documents.paragraphs import text_sha256

    rows = version.paragraphs.all()
    Version.objects.filter(pk=version.pk).update(
        text_sha256=text_sha256((one.number, one.label, one.text) for one in rows)
    )
    version.refresh_from_db()


def _circulate(stage: Stage, word: str, body: str, chair: Participant) -> Circulation:
    plan = _plan(stage, word, body)
    if body == "lantern-group":
        plan.body.memberships.get_or_create(participant=chair)
        plan.body.chairs.get_or_create(participant=chair)
    ref = services.prepare_circulation(plan, actor=stage.officer, key=uuid.uuid4()).ref
    services.ask_approval(ref, actor=stage.officer, key=uuid.uuid4())
    return services.approve_circulation(
        ref, co_chair=chair, evidence="Zevidence", actor=stage.manager, key=uuid.uuid4()
    )


def _newcomer(stage: Stage) -> None:
    """A State whose first admission is under way: not yet in the public directory."""
    from members.models import AdmissionStage

    newcomer = Participant.objects.create(
        code="ZZ", slug="zz", kind="state", short_name="Znewcomer", sort_key="znewcomer", is_public=False
    )
    admission = Admission.objects.create(participant=newcomer, body=stage.body)
    step = AdmissionStage.objects.create(slug="asked", position=1, word="Asked", body=stage.body)
    AdmissionStep.objects.create(admission=admission, stage=step, on=dt.date(2026, 1, 5), source="Zstepsource")


def _delegation(stage: Stage) -> None:
    """Who comes for the first State, what is needed, by which letter; and what those who come are told."""
    called = Meeting.objects.get(slug="called")
    one = called.delegations.get(participant=stage.states[0])
    one.delegates.update(name="Zdelegateaa")
    called.delegations.update(
        state="confirmed", special_needs="Zneedsaa", means="letter", received_at=clock(), evidence="Zletteraa"
    )
    DelegationChange.objects.create(
        delegation=one, at=clock(), actor=stage.focal_point, is_late=True, what=["Zchangeaa"]
    )
    InformationNote.objects.filter(meeting=called).update(venue="Zvenueaa")


def _meetings(stage: Stage) -> None:
    _delegation(stage)
    MeetingFactory(slug="closed", title="Zclosedmeeting", state="closed")
    partly = MeetingFactory(slug="in-part", is_public_in_part=True)
    resolve(partly, text="Zpartoutcome", is_public=False)
    resolve(Meeting.objects.get(slug="first"), text="Zinneroutcome", is_public=False)


def _mail(stage: Stage) -> None:
    """A mail with a link that opens an account, as a notice and as the portal's own receiver kept it."""
    message_id = new_message_id()
    Notice.objects.create(
        event="account:1", kind="account", user=stage.other, address=stage.other.email, subject="Choose a password",
        body="Zsecretlink", message_id=message_id, is_secret=True,
    )  # fmt: skip
    KeptMail.objects.create(
        message_id=message_id, sender="notices@portal.example", recipient=stage.other.email,
        subject="Choose a password", body="Zkeptsecret", is_secret=True,
    )  # fmt: skip


__all__ = ["MARKERS", "UNSEEN", "Worlds", "make_worlds"]
