"""One's own notices: what needs an answer, what informs; how it is told; digests, and the link that stops them."""

import datetime as dt
import re
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from endorsements import services
from endorsements.enums import PositionKind
from members.clock import clock
from members.enums import Role
from members.models import User
from members.services import digests, end_appointment
from members.services.digests import send_digest, send_digests
from notifications import inbox
from notifications.enums import Cadence, Kind, NoticeState
from notifications.letter import compose
from notifications.models import Notice, Preference
from notifications.rules import digest_due_at
from notifications.services import preferences
from notifications.unsubscribe import SIGNER, stop_link
from tests.factories.circulations import Stage
from tests.factories.directory import AppointmentFactory
from tests.races import in_thread, waits_for_a_lock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rate_limit_left_over() -> None:
    cache.clear()


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def page(client: Client, who: User) -> str:
    client.force_login(who)
    return client.get(reverse("inbox:list")).content.decode()


def newest_shown(client: Client) -> str:
    (found,) = re.findall(r'name="newest" value="(\d+)"', client.get(reverse("inbox:list")).content.decode())
    return str(found)


def asks(text: str) -> str:
    """The part of the page that asks."""
    return text.split('id="asks"')[1].split('id="info"')[0]


class TestInbox:
    def test_a_draft_asks_its_speakers_and_informs_the_reviewer(self, client: Client, stage: Stage) -> None:
        circulation = stage.opened()
        subject = f"draft {circulation.version.document.symbol}"
        assert subject in asks(page(client, stage.focal_point))
        text = page(client, stage.reviewer)
        assert "Nothing needs your answer" in text
        assert subject in text
        assert "Nothing yet" in page(client, stage.observer)

    def test_a_reply_settles_it_for_all_who_speak_for_the_participant_and_for_nobody_else(
        self, client: Client, stage: Stage
    ) -> None:
        stage.reply(stage.opened(), PositionKind.ENDORSE)
        assert "Nothing needs your answer" in page(client, stage.focal_point)
        assert "Nothing needs your answer" in page(client, stage.alternate)
        assert "1 message needs your answer" in page(client, stage.other)

    def test_after_the_deadline_nothing_is_asked_though_no_task_has_run(self, client: Client, stage: Stage) -> None:
        stage.opened()
        Notice.objects.filter(needs_answer=True).update(answer_by=clock())
        assert "Nothing needs your answer" in page(client, stage.focal_point)

    def test_reading_changes_nothing_and_opening_marks_as_read_and_leads_to_the_thing(
        self, client: Client, stage: Stage
    ) -> None:
        circulation = stage.opened()
        notice = Notice.objects.get(user=stage.focal_point, kind=Kind.CIRCULATION_OPENED.value)
        page(client, stage.focal_point)
        assert notice.body.splitlines()[0] in client.get(reverse("inbox:item", args=[notice.pk])).content.decode()
        notice.refresh_from_db()
        assert notice.read_at is None
        opened = client.post(reverse("inbox:open", args=[notice.pk]))
        assert opened["Location"] == circulation.get_absolute_url()
        notice.refresh_from_db()
        first = notice.read_at
        assert first is not None
        client.post(reverse("inbox:open", args=[notice.pk]))
        notice.refresh_from_db()
        assert notice.read_at == first

    def test_nobody_opens_the_notice_of_another(self, client: Client, stage: Stage) -> None:
        stage.opened()
        notice = Notice.objects.get(user=stage.focal_point, kind=Kind.CIRCULATION_OPENED.value)
        for person in (stage.alternate, stage.other, stage.officer, stage.admin):
            client.force_login(person)
            assert client.get(reverse("inbox:item", args=[notice.pk])).status_code == 404
            assert client.post(reverse("inbox:open", args=[notice.pk])).status_code == 404
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_secret_mail_is_in_no_inbox(self, client: Client, stage: Stage) -> None:
        stage.opened()
        Notice.objects.filter(user=stage.focal_point).update(is_secret=True)
        assert "Nothing yet" in page(client, stage.focal_point)

    def test_whose_post_has_ended_is_asked_and_shown_nothing_of_it(self, client: Client, stage: Stage) -> None:
        stage.opened()
        end_appointment(stage.focal_point.appointments.get().pk, actor=stage.officer, reason="Moved")
        text = page(client, stage.focal_point)
        assert "Nothing needs your answer" in text
        assert "HF/2026" not in text

    def test_who_acts_for_two_is_asked_once_for_each(self, client: Client, stage: Stage) -> None:
        AppointmentFactory(user=stage.other, role=Role.ALTERNATE.value, participant=stage.states[0])
        circulation = stage.opened()
        text = asks(page(client, stage.other))
        assert ("for Aland" in text, "for Borland" in text) == (True, True)
        stage.reply(circulation, PositionKind.ENDORSE, by=stage.other, of=stage.states[1])
        text = asks(page(client, stage.other))
        assert ("for Aland" in text, "for Borland" in text) == (True, False)

    def test_count_of_new_ones_stands_on_every_page(self, client: Client, stage: Stage) -> None:
        stage.opened()
        client.force_login(stage.focal_point)
        assert "Inbox <b>1</b>" in client.get(reverse("meetings:meeting-list")).content.decode()
        client.post(reverse("inbox:read-all"), {"newest": newest_shown(client)})
        assert "Inbox <b>1</b>" not in client.get(reverse("meetings:meeting-list")).content.decode()

    def test_what_came_since_the_page_was_shown_stays_new(self, client: Client, stage: Stage) -> None:
        circulation = stage.opened()
        client.force_login(stage.focal_point)
        newest = newest_shown(client)
        services.remind_now(circulation.ref, ["AA"], actor=stage.officer, key=uuid.uuid4())
        client.post(reverse("inbox:read-all"), {"newest": newest})
        unread = Notice.objects.filter(user=stage.focal_point, read_at=None).values_list("kind", flat=True)
        assert list(unread) == [Kind.CIRCULATION_REMINDER]

    @pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 30])
    def test_a_page_that_does_not_say_what_it_showed_marks_nothing(
        self, client: Client, stage: Stage, newest: str
    ) -> None:
        stage.opened()
        client.force_login(stage.focal_point)
        answer = client.post(reverse("inbox:read-all"), {"newest": newest}, follow=True)
        assert "Nothing was marked as read" in answer.content.decode()
        assert Notice.objects.filter(user=stage.focal_point, read_at=None).exists()

    def test_many_rows_cost_no_more_queries(self, client: Client, stage: Stage) -> None:
        stage.opened()
        client.force_login(stage.focal_point)
        client.get(reverse("inbox:list"))
        numbers = []
        for count in (0, 60):
            Notice.objects.bulk_create(
                Notice(
                    event=f"e:{count}:{n}",
                    kind=Kind.CIRCULATION_ENDED.value,
                    user=stage.focal_point,
                    address=stage.focal_point.email,
                    subject=f"S {n}",
                    body="b",
                    message_id=f"<{count}-{n}@x>",
                )
                for n in range(count)
            )
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(reverse("inbox:list"))
            numbers.append(len(queries))
        assert numbers[1] <= numbers[0] <= 10
        assert inbox.MOST_UNREAD == 100


ZONES = [
    ("UTC", "2026-11-24T07:59", Cadence.DAILY, "2026-11-24T08:00"),
    ("UTC", "2026-11-24T08:00", Cadence.DAILY, "2026-11-25T08:00"),
    ("Pacific/Kiritimati", "2026-11-24T07:00", Cadence.DAILY, "2026-11-24T08:00"),
    ("Asia/Kathmandu", "2026-11-24T23:59", Cadence.DAILY, "2026-11-25T08:00"),
    ("UTC", "2026-11-24T12:00", Cadence.WEEKLY, "2026-11-30T08:00"),
    ("UTC", "2026-11-30T07:00", Cadence.WEEKLY, "2026-11-30T08:00"),
    ("UTC", "2026-11-30T08:00", Cadence.WEEKLY, "2026-12-07T08:00"),
    ("Pacific/Auckland", "2026-09-26T20:00", Cadence.DAILY, "2026-09-27T08:00"),
]


@pytest.mark.parametrize(("zone", "queued", "cadence", "due"), ZONES)
def test_digest_is_due_at_eight_of_the_own_day(zone: str, queued: str, cadence: Cadence, due: str) -> None:
    there = ZoneInfo(zone)
    found = digest_due_at(dt.datetime.fromisoformat(queued).replace(tzinfo=there), cadence, there)
    assert found.astimezone(there) == dt.datetime.fromisoformat(due).replace(tzinfo=there)


def chosen(stage: Stage, cadence: Cadence = Cadence.DAILY) -> Notice:
    """The reviewer wants openings together; one is withheld, since before yesterday."""
    preferences.choose(stage.reviewer.pk, {Kind.CIRCULATION_OPENED: cadence})
    stage.opened()
    row = Notice.objects.get(user=stage.reviewer, kind=Kind.CIRCULATION_OPENED.value)
    Notice.objects.filter(pk=row.pk).update(queued_at=clock() - dt.timedelta(days=8))
    row.refresh_from_db()
    return row


class TestDigest:
    def test_what_is_chosen_waits_and_goes_once_together(self, stage: Stage) -> None:
        row = chosen(stage)
        assert (row.state, row.cadence, row.digest) == (NoticeState.WITHHELD, Cadence.DAILY, None)
        assert send_digests() == 1
        row.refresh_from_db()
        digest = row.digest
        assert digest is not None
        assert (digest.kind, digest.user, digest.state) == (Kind.DIGEST, stage.reviewer, NoticeState.QUEUED)
        assert row.subject in digest.body
        assert send_digests() == 0
        assert Notice.objects.filter(kind=Kind.DIGEST.value).count() == 1

    @pytest.mark.parametrize("cadence", [Cadence.DAILY, Cadence.WEEKLY])
    def test_before_its_hour_nothing_goes(self, stage: Stage, cadence: Cadence) -> None:
        row = chosen(stage, cadence)
        Notice.objects.filter(pk=row.pk).update(queued_at=clock())
        assert send_digests() == 0

    def test_who_is_asked_has_no_choice(self, stage: Stage) -> None:
        preferences.choose(stage.focal_point.pk, {Kind.CIRCULATION_OPENED: Cadence.NEVER})
        stage.opened()
        row = Notice.objects.get(user=stage.focal_point, kind=Kind.CIRCULATION_OPENED.value)
        assert (row.state, row.cadence) == (NoticeState.QUEUED, Cadence.AT_ONCE)

    def test_never_stands_in_the_inbox_alone(self, client: Client, stage: Stage) -> None:
        row = chosen(stage, Cadence.NEVER)
        assert row.state == NoticeState.WITHHELD
        assert send_digests() == 0
        assert row.subject in page(client, stage.reviewer)

    def test_of_a_post_that_ended_nothing_is_carried(self, stage: Stage) -> None:
        row = chosen(stage)
        end_appointment(stage.reviewer.appointments.get().pk, actor=stage.officer, reason="Moved")
        assert send_digests() == 0
        assert not Notice.objects.filter(kind=Kind.DIGEST.value).exists()
        row.refresh_from_db()
        assert row.cadence == Cadence.NEVER

    def test_duties_cannot_be_chosen_away(self, stage: Stage) -> None:
        preferences.choose(stage.focal_point.pk, {Kind.CIRCULATION_REMINDER: Cadence.NEVER})
        assert not Preference.objects.exists()

    def test_choice_on_the_page(self, client: Client, stage: Stage) -> None:
        client.force_login(stage.reviewer)
        address = reverse("inbox:preferences")
        assert "Always at once" in client.get(address).content.decode()
        data = {"key": uuid.uuid4(), "circulation_opened": "weekly", "circulation_ended": "never"}
        assert client.post(address, data).status_code == 302
        assert preferences.cadences_of(stage.reviewer.pk) == {
            Kind.CIRCULATION_ENDED: Cadence.NEVER,
            Kind.CIRCULATION_OPENED: Cadence.WEEKLY,
        }
        client.post(address, {**data, "circulation_opened": "at_once"})
        assert preferences.cadences_of(stage.reviewer.pk)[Kind.CIRCULATION_OPENED] is Cadence.WEEKLY, "sent again"
        refused = client.post(address, {**data, "key": uuid.uuid4(), "circulation_opened": "hourly"})
        assert refused.status_code == 200
        assert preferences.cadences_of(stage.reviewer.pk)[Kind.CIRCULATION_OPENED] is Cadence.WEEKLY

    @pytest.mark.parametrize(("cadence", "words"), [(Cadence.NEVER, "not by e-mail"), (Cadence.AT_ONCE, "")])
    def test_what_is_in_no_digest_says_so_or_nothing(self, stage: Stage, cadence: Cadence, words: str) -> None:
        assert inbox.how_mailed(chosen(stage, cadence), "Asia/Bangkok") == words

    def test_each_row_names_the_day_of_its_digest(self, client: Client, stage: Stage) -> None:
        row = chosen(stage, Cadence.WEEKLY)
        Notice.objects.filter(pk=row.pk).update(queued_at=dt.datetime(2026, 11, 19, 20, tzinfo=dt.UTC))
        User.objects.filter(pk=stage.reviewer.pk).update(time_zone="Pacific/Kiritimati")
        assert "waits for the digest of Monday 23 November" in page(client, stage.reviewer)
        send_digest(stage.reviewer.pk)
        digest = Notice.objects.filter(kind=Kind.DIGEST.value)
        digest.update(queued_at=dt.datetime(2026, 11, 22, 18, 0, 5, tzinfo=dt.UTC))
        assert ", in the digest of Monday 23 November" in page(client, stage.reviewer)


class TestUnsubscribe:
    @pytest.fixture
    def digest(self, stage: Stage) -> Notice:
        chosen(stage)
        send_digests()
        return Notice.objects.get(kind=Kind.DIGEST.value)

    def test_headers_of_digests_alone(self, digest: Notice) -> None:
        message = compose(digest).decode()
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in message
        assert compose(digest) == compose(digest)
        for one in Notice.objects.exclude(pk=digest.pk).exclude(user=None):
            assert b"List-Unsubscribe" not in compose(one)

    def test_get_does_nothing_and_one_post_without_cookies_stops_digests(self, stage: Stage, digest: Notice) -> None:
        path = stop_link(stage.reviewer.pk).split("//", 1)[1].split("/", 1)[1]
        outside = Client(enforce_csrf_checks=True)
        for _ in range(2):
            assert "Stop the digests" in outside.get(f"/{path}").content.decode()
        assert preferences.cadences_of(stage.reviewer.pk)[Kind.CIRCULATION_OPENED] is Cadence.DAILY
        assert outside.post(f"/{path}", {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert preferences.cadences_of(stage.reviewer.pk)[Kind.CIRCULATION_OPENED] is Cadence.NEVER

    def test_too_often_is_refused_by_link_and_by_address(self, client: Client, stage: Stage, digest: Notice) -> None:
        link, other = (reverse("inbox:digest-stop", args=[SIGNER.sign(str(key))]) for key in (stage.reviewer.pk, 0))
        assert [client.post(link).status_code for _ in range(11)] == [200] * 10 + [429]
        preferences.choose(stage.reviewer.pk, {Kind.CIRCULATION_OPENED: Cadence.DAILY})
        assert "Too many tries" in client.post(link).content.decode()
        assert preferences.cadences_of(stage.reviewer.pk)[Kind.CIRCULATION_OPENED] is Cadence.DAILY
        assert client.post(other).status_code == 200, "another person's link works"
        forged = [client.post(reverse("inbox:digest-stop", args=[f"{n}:forged"])).status_code for n in range(60)]
        assert (forged[0], forged[-1]) == (404, 429), "many tries from one address"

    def test_forged_link_is_no_page(self, client: Client, stage: Stage) -> None:
        for token in ("1", f"{stage.reviewer.pk}:forged", SIGNER.sign("no number")):
            assert client.get(reverse("inbox:digest-stop", args=[token])).status_code == 404
            assert client.post(reverse("inbox:digest-stop", args=[token])).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False], ids=["locked", "twin without the lock"])
def test_second_scheduler_waits_for_the_first(locks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first holds what waits and has not committed when the second comes. Under the lock the second waits and finds
    nothing left; without it, it carries the same messages once more."""
    stage = Stage()
    row = chosen(stage)
    if not locks:
        rows = [row]
        monkeypatch.setattr(digests, "lock_waiting", lambda user_id: rows)
    first = connection.get_new_connection(connection.get_connection_params())
    try:
        with first.cursor() as cursor:
            cursor.execute("SELECT 1 FROM notifications_notice WHERE id = %s FOR UPDATE", [row.pk])
            cursor.execute("UPDATE notifications_notice SET digest_id = %s WHERE id = %s", [_another(row), row.pk])
            thread, found = in_thread(lambda: send_digest(stage.reviewer.pk))
            waits_for_a_lock()
        first.commit()
    finally:
        first.close()
    thread.join()
    assert found == [not locks]
    assert Notice.objects.filter(kind=Kind.DIGEST.value, user=stage.reviewer).exists() is not locks


def _another(row: Notice) -> int:
    """Stands for the digest that the first scheduler has written."""
    return int(Notice.objects.exclude(pk=row.pk).values_list("pk", flat=True)[0])
