"""Rules of posts, cell by cell: who offers which, what overlaps, what stands in the way, when a post lapses."""

import datetime as dt
from itertools import product

import pytest

from members import rules
from members.enums import Role
from members.names import one_line, plain_address
from members.rules import Held, NotAllowed, Step

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
OFFICE = {Role.OFFICER, Role.MANAGER}
NAMERS = {
    (): set(),
    ("focal_point",): {Role.ALTERNATE, Role.REVIEWER},
    ("officer",): set(Role) - OFFICE,
    ("manager",): set(Role),
    ("admin",): OFFICE,
    ("officer", "focal_point"): set(Role) - OFFICE,
    ("admin", "focal_point"): OFFICE | {Role.ALTERNATE, Role.REVIEWER},
}


@pytest.mark.parametrize(("who", "role"), list(product(NAMERS, Role)))
def test_who_may_offer_which_post(who: tuple[str, ...], role: Role) -> None:
    assert (role in rules.roles_to_name(**dict.fromkeys(who, True))) == (role in NAMERS[who])


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ((0, 2), (2, 4), False),
        ((2, 4), (0, 2), False),
        ((0, 2), (1, 3), True),
        ((0, None), (5, None), True),
        ((0, None), (5, 6), True),
        ((5, None), (0, 5), False),
        ((0, 4), (1, 2), True),
        ((3, 3), (0, 5), True),
    ],
)
def test_terms_meet(one: tuple[int, int | None], other: tuple[int, int | None], meet: bool) -> None:
    first, second = ((NOON + a * DAY, None if b is None else NOON + b * DAY) for a, b in (one, other))
    assert rules.terms_meet(first, second) is meet


@pytest.mark.parametrize(("role", "participant", "body"), list(product(Role, [True, False], [True, False])))
def test_for_whom(role: Role, participant: bool, body: bool) -> None:
    fits = participant != (role in OFFICE) and (not body or role == Role.CO_CHAIR)
    if fits:
        rules.check_for_whom(role, participant=participant, body=body)
    else:
        with pytest.raises(NotAllowed):
            rules.check_for_whom(role, participant=participant, body=body)


@pytest.mark.parametrize(("role", "by_secretariat", "letter"), list(product(Role, [True, False], ["", " ", "Note 4"])))
def test_letter(role: Role, by_secretariat: bool, letter: str) -> None:
    needed = by_secretariat and role in {Role.FOCAL_POINT, Role.ALTERNATE, Role.CO_CHAIR}
    if needed and not letter.strip():
        with pytest.raises(NotAllowed):
            rules.check_letter(role, letter, by_secretariat=by_secretariat)
    else:
        rules.check_letter(role, letter, by_secretariat=by_secretariat)


@pytest.mark.parametrize(("start", "end", "fits"), [(0, 1, True), (0, None, True), (0, 0, False), (2, 1, False),
                                                     (-5, -1, False), (-5, 0, False), (-5, 1, True)])  # fmt: skip
def test_term(start: int, end: int | None, fits: bool) -> None:
    term = (NOON + start * DAY, None if end is None else NOON + end * DAY)
    if fits:
        rules.check_term(term, now=NOON)
    else:
        with pytest.raises(NotAllowed):
            rules.check_term(term, now=NOON)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("body", [None, 7])
@pytest.mark.parametrize("meets", [True, False])
def test_one_in_office(role: Role, body: int | None, meets: bool) -> None:
    there = Held(1, 10, role, 7, (NOON - DAY, NOON if not meets else None), "Ms One")
    way = rules.in_the_way(role, body, (NOON, None), [there])
    one_at_a_time = role in {Role.FOCAL_POINT, Role.ALTERNATE, Role.CO_CHAIR}
    assert bool(way) == (one_at_a_time and meets and body == 7)
    assert (rules.held_twice(10, role, body, (NOON, None), [there]) is there) == (meets and body == 7)
    assert rules.held_twice(11, role, body, (NOON, None), [there]) is None


@pytest.mark.parametrize(("starts", "ends"), [(-1, 0), (0, 0), (3, 3)])
def test_ends_instead(starts: int, ends: int) -> None:
    there = Held(1, 10, Role.FOCAL_POINT, None, (NOON + starts * DAY, None))
    assert rules.ends_instead(there, NOON) == NOON + ends * DAY


def test_confirmation_due() -> None:
    year = dt.timedelta(days=365)
    assert rules.confirmation_due(NOON, None, every=year) == NOON + year
    assert rules.confirmation_due(NOON, NOON + 10 * DAY, every=year) == NOON + 10 * DAY + year


@pytest.mark.parametrize(
    ("now", "asked", "step"),
    [
        (-1, [], Step.WAIT),
        (0, [], Step.ASK),
        (200, [], Step.ASK),
        (0, [-40], Step.ASK),
        (13, [0], Step.WAIT),
        (14, [0], Step.ASK),
        (27, [0, 14], Step.WAIT),
        (28, [0, 14], Step.ASK),
        (41, [0, 14, 28], Step.WAIT),
        (42, [0, 14, 28], Step.LAPSE),
        (300, [0, 14], Step.ASK),
        (300, [0, 14, 290], Step.WAIT),
        (304, [0, 14, 290], Step.LAPSE),
    ],
)
def test_confirmation_step(now: int, asked: list[int], step: Step) -> None:
    assert rules.confirmation_step(NOON, [NOON + one * DAY for one in asked], now=NOON + now * DAY) is step


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ms.Focal@MFA.Example ", "ms.focal@mfa.example"),
        ("focal@münchen.example", "focal@xn--mnchen-3ya.example"),
        ("focal@MU\u0308NCHEN.example", "focal@xn--mnchen-3ya.example"),
        ("focal@xn--mnchen-3ya.example", "focal@xn--mnchen-3ya.example"),
        ("focal@กระทรวง.example", "focal@xn--12cm1c6bby4d.example"),
    ],
)
def test_plain_address(typed: str, kept: str) -> None:
    assert plain_address(typed) == kept


@pytest.mark.parametrize("typed", ["", "focal", "@mfa.example", "focal@", "focal@a..b"])
def test_plain_address_of_no_mailbox(typed: str) -> None:
    with pytest.raises(ValueError):
        plain_address(typed)


@pytest.mark.parametrize("name", ["นางสาว สมศรี", "Nguyễn Thị Ánh", "김 민수", "محمد علي"])
def test_plain_name_keeps_every_script(name: str) -> None:
    assert one_line(f"  {name} ") == name
