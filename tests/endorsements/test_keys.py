"""Submissions sent again, at once and out of order: each has one effect. The twin without the key is in
test_closing.py."""

import random
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from endorsements.enums import PositionKind
from endorsements.models import Position, RegisterEntry
from notifications.models import Notice
from tests.conftest import FULL
from tests.factories.circulations import Stage

SUBMISSIONS, AT_ONCE, MOST_TIMES = 1_000 if FULL else 30, 8, 5


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_each_submission_has_one_effect_however_often_it_is_sent() -> None:
    stage = Stage()
    circulation = stage.opened()
    entries, told = RegisterEntry.objects.count(), Notice.objects.count()
    chance = random.Random(7)
    sent = [key for key in (uuid.uuid4() for _ in range(SUBMISSIONS)) for _ in range(chance.randint(1, MOST_TIMES))]
    chance.shuffle(sent)

    def send(keys: list[uuid.UUID]) -> list[tuple[uuid.UUID, int]]:
        try:
            return [(key, stage.reply(circulation, PositionKind.ENDORSE, key=key).pk) for key in keys]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as clients:
        answers = [one for part in clients.map(send, [sent[n::AT_ONCE] for n in range(AT_ONCE)]) for one in part]
    assert len(answers) == len(sent) > SUBMISSIONS
    assert len(set(answers)) == len(set(sent)) == SUBMISSIONS, "each key is answered with one position"
    assert Position.objects.count() == SUBMISSIONS
    assert RegisterEntry.objects.count() - entries == SUBMISSIONS
    receipts = len({one.user_id for one in Notice.objects.filter(event__startswith="position.recorded")})
    assert Notice.objects.count() - told == SUBMISSIONS * receipts
