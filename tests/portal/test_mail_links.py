"""A link in a mail carries no authority: fetched by nobody in particular, twice, it does nothing and tells nothing."""

import datetime as dt
import re
import uuid
from collections import defaultdict
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from endorsements import heads, services
from endorsements.enums import PositionKind
from endorsements.models import Circulation
from endorsements.services.asking import tell_open_requests
from endorsements.services.publishing import publish_head
from meetings import services as meetings
from meetings.enums import Means
from meetings.models import MeetingInvitation, PaperRequest
from meetings.services import Paper, Source
from members.clock import clock
from members.models import Appointment, Forum, Invitation, Participant
from members.services import end_appointment, review_posts, terms
from members.services.digests import send_digests
from notifications.enums import Cadence, Kind
from notifications.letter import headers
from notifications.models import Notice
from notifications.services import preferences
from tests.endorsements.late_steps import contest, late_reply, note
from tests.endorsements.test_closing import expire, short
from tests.endorsements.test_reminders import zone_where_it_is
from tests.factories.called import COMES, DAY, CalledStage
from tests.factories.circulations import Stage, VersionFactory
from tests.members.test_invitations import invite
from tests.portal.test_access import table_states

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://localhost:8000(/\S*)")
SHOW_A_FORM = {Kind.PEOPLE_INVITED, Kind.ACCOUNT}
"""Set-up and reset: a GET shows a form and uses nothing up."""
PUBLIC = {Kind.REGISTER_HEAD}
HOME = "/"
STOPS = "/unsubscribe/"
"""The link in the head of a digest: a GET shows a button, and only a POST does it (RFC 8058)."""
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def stage(db: None, settings: Any) -> CalledStage:
    settings.REGISTER_WITNESSES = ["witness@elsewhere.example"]
    settings.POSTS_CONFIRMED_EVERY = dt.timedelta(days=30)
    return CalledStage()


def write_of_meetings(stage: CalledStage) -> None:
    """An invitation with its reminder, an answer, another by note verbale, a paper with its reminder, a postponement
    and a cancellation."""
    stage.invited()
    stage.answers()
    came = Source(Means.NOTE_VERBALE, clock(), "Note verbale 4/2026.")
    meetings.record_answer(
        stage.meeting.slug,
        COMES,
        came,
        participant=stage.states[1],
        version=0,
        actor=stage.officer,
        key=uuid.uuid4(),
    )
    slug, paper = stage.meeting.slug, Paper(stage.states[1], "How it works", clock().date() + 20 * DAY)
    meetings.ask_paper(slug, paper, actor=stage.officer, key=uuid.uuid4())
    now = clock()
    soon = {"remind_at": now}
    MeetingInvitation.objects.update(sent_at=now - 9 * DAY, answer_by=now + 23 * HOUR, **soon)
    PaperRequest.objects.update(asked_at=now - 9 * DAY, due_at=now + 23 * HOUR, **soon)
    Participant.objects.update(time_zone=zone_where_it_is(12))
    assert meetings.remind_due()
    meetings.postpone_meeting(slug, reason="A storm.", actor=stage.officer, key=uuid.uuid4())
    meetings.cancel_meeting(slug, reason="Two storms.", actor=stage.officer, key=uuid.uuid4())


def write_every_kind(stage: CalledStage) -> None:
    """One notice of each kind at least, by the deeds that write them."""
    write_of_meetings(stage)
    stage.terms = {"min_seconds": 0}
    preferences.choose(stage.reviewer.pk, {Kind.CIRCULATION_OPENED: Cadence.DAILY})
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.MORE_TIME)
    services.remind_now(circulation.ref, ["BB"], actor=stage.officer, key=uuid.uuid4())
    later = circulation.expires_at + dt.timedelta(hours=24)
    services.extend_circulation(circulation.ref, later, reason="More time.", actor=stage.officer, key=uuid.uuid4())
    slip = services.Slip(1, "guide says", "guide sets out", "A word was wrong.")
    services.correct_circulation(circulation.ref, slip, actor=stage.officer, key=uuid.uuid4())
    why = {"participant": stage.states[0], "reason": "The word matters."}
    services.ask_new_clock(circulation.ref, **why, actor=stage.focal_point, key=uuid.uuid4())
    tell_of_open_requests(circulation)
    stage.__dict__["version"] = VersionFactory(document__body=stage.body, document__title="Another draft")
    waiting = short(stage)
    expire(waiting)
    services.close_circulation(waiting.ref)
    Notice.objects.filter(cadence=Cadence.DAILY.value).update(queued_at=clock() - dt.timedelta(days=2))
    assert send_digests() == 1
    write_of_late_replies(stage)
    publish_head()
    review_posts(is_busy=lambda participant_id: True)
    post = stage.third.appointments.get()
    Appointment.objects.filter(pk=post.pk).update(ends_at=clock() + dt.timedelta(days=10))
    terms.warn_ending_terms()
    with transaction.atomic():
        terms._keep(stage.other.appointments.filter(role="focal_point").get(), clock())
    end_appointment(stage.alternate.appointments.get().pk, actor=stage.officer, reason="Left")
    invite(stage)
    Client().post(reverse("account_reset_password"), {"email": stage.other.email}, headers={"host": "localhost"})


def write_of_late_replies(stage: CalledStage) -> None:
    """A letter that is recorded and contested, and a reply after the deadline of which a co-chair takes note."""
    stage.__dict__["version"] = VersionFactory(document__body=stage.body, document__title="A third draft")
    circulation = stage.opened()
    contest(stage, stage.letter(circulation, PositionKind.ENDORSE))
    note(stage, late_reply(stage, circulation, PositionKind.ENDORSE))


def tell_of_open_requests(circulation: Circulation) -> None:
    """As the scheduler does, a day before the deadline, at about noon for the officers."""
    Forum.objects.update(time_zone=zone_where_it_is(12))
    then = clock() + dt.timedelta(hours=23, minutes=59)
    opened_at = clock() - dt.timedelta(days=8)
    Circulation.objects.filter(pk=circulation.pk).update(opened_at=opened_at, expires_at=then)
    assert tell_open_requests()


def links() -> dict[Kind, set[str]]:
    """Paths in the mails, by kind of mail."""
    found: dict[Kind, set[str]] = defaultdict(set)
    for row in Notice.objects.all():
        head = dict(headers(row)).get("List-Unsubscribe", "").strip("<>")
        found[Kind(row.kind)] |= set(LINK.findall(f"{row.body}\n{head}"))
    return found


def secrets_of(stage: Stage) -> set[str]:
    """Words that nobody may learn from a link."""
    titles = Circulation.objects.values_list("version__document__title", flat=True)
    people = [stage.focal_point, stage.other, stage.third, stage.officer, stage.manager]
    return {*titles, *(one.email for one in people), "paragraph 1", "More time requested"}


def fetch(path: str) -> list[Any]:
    """By four strangers, as scanners of mail do."""
    return [getattr(Client(), method)(path) for method in ("get", "get", "head", "head")]


def test_links_in_every_kind_of_mail_do_nothing_and_tell_nothing(stage: CalledStage) -> None:
    write_every_kind(stage)
    found = links()
    assert set(found) == set(Kind)
    assert any(path.startswith(STOPS) for path in found[Kind.DIGEST])
    before, words = table_states(), secrets_of(stage)
    for kind, paths in found.items():
        assert paths, f"{kind} leads nowhere"
        for path in paths:
            answers = fetch(path)
            assert len({one.status_code for one in answers[:2]}) == 1, "the second time is as the first"
            for answer in answers:
                assert not {word for word in words if word in answer.content.decode()}, (kind, path)
            if kind in SHOW_A_FORM or path.startswith(STOPS):
                assert all(one.status_code in (200, 302) for one in answers[:2]), (kind, path)
            elif kind in PUBLIC or path == HOME:
                assert answers[0].status_code == 200
            elif not path.startswith("/accounts/"):
                assert answers[0].status_code == 302, (kind, path)
                assert answers[0].url.startswith(reverse("account_login")), (kind, path)
    after = table_states()
    assert not {table for table in before if before[table] != after[table]}, "fetching changed these tables"


def test_what_a_link_of_set_up_opens_is_still_open_after_it_was_fetched(stage: CalledStage) -> None:
    write_every_kind(stage)
    for kind in SHOW_A_FORM:
        (path,) = links()[kind]
        fetch(path)
        page: Any = Client().get(path, follow=True)
        assert page.status_code == 200
        assert b'name="password' in page.content, (kind, path)
    assert Invitation.objects.filter(accepted_at__isnull=True).exists()


def test_every_link_is_of_this_portal_and_leads_to_a_view(stage: CalledStage) -> None:
    write_every_kind(stage)
    for kind, body in Notice.objects.values_list("kind", "body"):
        for url in re.findall(r"https?://\S+", body):
            assert url.startswith("http://localhost:8000/"), (kind, url)
            if "/accounts/notices/" not in url:
                assert resolve(LINK.findall(url)[0].partition("?")[0])


def test_twin_a_link_that_writes_or_tells_is_found(stage: CalledStage, monkeypatch: pytest.MonkeyPatch) -> None:
    write_every_kind(stage)
    (path,) = links()[Kind.REGISTER_HEAD]
    real = heads.published

    def writing() -> Any:
        Participant.objects.update(city="Elsewhere")
        return real()

    monkeypatch.setattr(heads, "published", writing)
    before = table_states()
    fetch(path)
    after = table_states()
    assert {table for table in before if before[table] != after[table]} == {"members_participant"}
