"""Open requests for more time: told to the officers once, a day before the deadline, and shown on the board."""

import datetime as dt

import pytest
from django.test import Client

from endorsements import services
from endorsements.enums import PositionKind
from endorsements.models import Circulation
from endorsements.tasks import tell_open_requests
from members.clock import clock
from members.models import User
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_reminders import zone_where_it_is
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


def opened(stage: Stage, *, left: float, days_open: int = 5) -> Circulation:
    """A circulation that opened some days ago and has `left` seconds to go, at about noon of everyone's clock: at night
    such a notice waits for the morning."""
    circulation = stage.opened(seconds=days_open * DAY)
    User.objects.update(time_zone=zone_where_it_is(12))
    Circulation.objects.filter(pk=circulation.pk).update(
        opened_at=clock() - dt.timedelta(days=days_open), expires_at=clock() + dt.timedelta(seconds=left)
    )
    circulation.refresh_from_db()
    return circulation


def told() -> list[Notice]:
    return list(Notice.objects.filter(kind=Kind.TIME_OPEN.value))


def test_the_officer_is_told_once(stage: Stage) -> None:
    circulation = opened(stage, left=3600)
    stage.reply(circulation, PositionKind.MORE_TIME)
    for _ in range(3):
        tell_open_requests()
    (notice,) = told()
    assert notice.address == stage.officer.email
    assert "1 request for more time open" in notice.subject
    assert "Aland" in notice.body


def test_not_earlier_than_the_day_before(stage: Stage) -> None:
    stage.reply(opened(stage, left=3 * DAY), PositionKind.MORE_TIME)
    assert services.tell_open_requests() == 0


def test_who_replied_since_has_no_open_request(stage: Stage) -> None:
    circulation = opened(stage, left=3600)
    stage.reply(circulation, PositionKind.MORE_TIME)
    stage.reply(circulation, PositionKind.ENDORSE)
    assert services.tell_open_requests() == 0
    assert not told()


def test_not_after_the_deadline(stage: Stage) -> None:
    circulation = opened(stage, left=3600)
    stage.reply(circulation, PositionKind.MORE_TIME)
    Circulation.objects.update(expires_at=clock())
    assert services.tell_open_requests() == 0


def test_after_an_extension_they_are_told_again(stage: Stage) -> None:
    circulation = opened(stage, left=3600)
    stage.reply(circulation, PositionKind.MORE_TIME)
    assert services.tell_open_requests() == 1
    Circulation.objects.update(expires_at=clock() + dt.timedelta(seconds=3000))
    assert services.tell_open_requests() == 1
    assert len(told()) == 2


@pytest.fixture
def board(client: Client, stage: Stage) -> str:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.MORE_TIME)
    return page(client, stage.officer, circulation)


def page(client: Client, user: User, circulation: Circulation) -> str:
    client.force_login(user)
    return client.get(circulation.get_absolute_url()).content.decode()


def test_the_board_shows_who_asks(board: str) -> None:
    assert "A member asks for more time: Aland." in board


def test_no_other_member_learns_of_it(client: Client, stage: Stage) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.MORE_TIME)
    assert "asks for more time" not in page(client, stage.third, circulation)
