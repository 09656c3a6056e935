"""What the notices of a circulation tell to whom."""

import pytest

from endorsements import services
from endorsements.enums import State
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_closing import accept_all, expire, short
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db


def told(stage: Stage, kind: Kind, email: str) -> Notice:
    return Notice.objects.filter(kind=kind.value, address=email).get()


def test_who_reads_and_does_not_reply_is_told_for_information(stage: Stage) -> None:
    """A member organisation is in the snapshot and does not count: nothing is asked of its focal point."""
    stage.opened()
    asked = told(stage, Kind.CIRCULATION_OPENED, stage.focal_point.email)
    informed = told(stage, Kind.CIRCULATION_OPENED, stage.org_person.email)
    assert asked.subject.startswith("Please reply for Aland by ")
    assert informed.subject.startswith("For your information: draft ")
    assert (asked.needs_answer, informed.needs_answer) == (True, False)


def test_an_organisation_that_counts_is_asked(stage: Stage) -> None:
    stage.terms = {"counts_organisations": True}
    stage.opened()
    assert told(stage, Kind.CIRCULATION_OPENED, stage.org_person.email).needs_answer


def test_an_official_address_is_told_who_replies(stage: Stage) -> None:
    stage.opened()
    notice = told(stage, Kind.CIRCULATION_OPENED, "ministry@aa.example")
    assert notice.subject.startswith("For Aland: draft ")
    assert "Focal points and alternates send the replies" in notice.body


@pytest.mark.parametrize("state", [State.WAITING, State.ENDORSED])
def test_no_count_goes_out_before_the_end(stage: Stage, state: State) -> None:
    circulation = short(stage)
    accept_all(but="BB" if state == State.WAITING else "")
    expire(circulation)
    services.close_circulation(circulation.ref)
    circulation.refresh_from_db()
    assert circulation.state == state
    bodies = Notice.objects.filter(kind=Kind.CIRCULATION_ENDED.value).values_list("body", flat=True)
    assert bodies
    assert all(("Tally:" in body) is (state == State.ENDORSED) for body in bodies)
