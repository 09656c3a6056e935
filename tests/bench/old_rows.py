"""Outbox and inbox beside the floor page, with a million notices of other years."""

import statistics

from django.db import connection, connections
from django.urls import Resolver404, resolve

from members.models import User
from notifications.models import Notice
from tests.bench import notices
from tests.bench.data import session_of
from tests.bench.measure import Target, one_client
from tests.factories.accounts import with_app
from tests.factories.circulations import Stage

ROWS, OF_ONE_PERSON = 1_000_000, 10_000
SLOWER = 2.0
OLD = """
INSERT INTO notifications_notice (
    event, kind, channel, user_id, address, domain, participant_code, subject_kind, subject_ref, subject, body, path,
    is_secret, is_sample, message_id, state, queued_at, due_at, attempts, accepted_at, answer, needs_answer, answer_by,
    settled_at, read_at, cadence, handling, handling_reason, handled_at
)
SELECT 'old:' || n, 'circulation.opened', 'email', users.id, users.email, split_part(users.email, '@', 2),
    'P' || n %% 193, 'circulation', 'HG-' || n / 9650, 'Please reply: draft HF/' || n / 9650, repeat('A line. ', 40),
    '/circulations/HG/', false, false, '<old' || n || '@portal.example>',
    CASE WHEN n %% 200 = 0 THEN 'bounced' ELSE 'accepted' END, moment, moment, 1, moment, '250 Taken',
    n %% 25 = 0, moment + interval '30 days', CASE WHEN n %% 25 = 0 THEN moment + interval '9 days' END,
    CASE WHEN n %% 3 <> 0 THEN moment END, 'at_once', '', '', CASE WHEN n %% 200 = 0 THEN moment END
FROM (
    SELECT n, statement_timestamp() - interval '8 years' + n * interval '4 minutes' AS moment,
        CASE WHEN n %% %(share)s = 0 THEN %(one)s ELSE people[1 + n %% cardinality(people)] END AS user_id
    FROM generate_series(1, %(rows)s) AS n, (SELECT array_agg(id) AS people FROM members_user) AS everyone
) AS old JOIN members_user AS users ON users.id = old.user_id
"""


def officer() -> tuple[User, str]:
    """Somebody of the secretariat, with the key of a session."""
    person = Stage().officer
    with_app(person)
    return person, session_of(person)


def fill(person: User) -> int:
    """The rows, of which the person has many; then what autovacuum does to a table in the course of a day."""
    with connection.cursor() as cursor:
        cursor.execute(OLD, {"rows": ROWS, "one": person.pk, "share": ROWS // OF_ONE_PERSON})
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE notifications_notice")
    return Notice.objects.filter(user=person).count()


def measure(person: User, cookie: str, port: int) -> list[notices.Row]:
    """Each page takes turns with the floor page."""
    paths = {"floor": "/floor/", "outbox": "/outbox/", "returned": "/outbox/not-arrived/", "inbox": "/inbox/"}
    targets = [Target(name, path, cookie, port) for name, path in paths.items() if is_there(path)]
    own = fill(person)
    taken = {name: statistics.median(times) for name, times in one_client(targets).items()}
    floor = taken.pop("floor")
    return [
        notices.Row(
            f"{name} with {ROWS:,} old rows" + (f", {own:,} of them one's own" if name == "inbox" else ""),
            f"{ms:.1f} ms beside {floor:.1f} ms of the floor page: {ms / floor:.2f}",
            f"≤ {SLOWER:.0f}",
            ms / floor <= SLOWER,
        )
        for name, ms in taken.items()
    ]


def is_there(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
