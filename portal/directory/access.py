"""How much of a participant's page a reader sees beside the part for everyone."""

from dataclasses import dataclass

from endorsements.access import READ_BY
from members.access import HANDED_OVER_TO, Reader, sees_admissions
from members.models import Participant
from members.profile import Profile


@dataclass(frozen=True)
class Reach:
    """Beside the public part. Its own people are those who act for the participant in any role."""

    own: bool = False
    speaks: bool = False
    team: bool = False
    people: bool = False
    drafts: bool = False
    replies: bool = False
    admissions: bool = False
    manages: bool = False
    note: bool = False


def mailboxes_for(reader: Reader) -> set[int] | None:
    """Whose official addresses may be read: of all (None) for staff, of the own participants for their people."""
    return None if reader.is_staff else reader.participant_ids


def acts_for(reader: Reader) -> set[int]:
    """Participants for which the reader holds any appointment, a co-chair's too."""
    return {one.participant_id for one in reader.appointments if one.participant_id}


def reach(reader: Reader, profile: Profile) -> Reach:
    """Roles and functions: people of members and observers. Persons and addresses: own people and staff. Deadlines:
    those who read its drafts, and staff. The handover note: those who read its drafts, and nobody else. Replies:
    whoever acts for someone may see some; endorsements decides on each row. Admissions under way: staff and the
    co-chairs of the forum."""
    pk = profile.participant.pk
    own = pk in reader.participant_ids
    return Reach(
        own=own,
        speaks=any(one.pk == pk for one in reader.speaks_for),
        team=own or sees_admissions(reader) or profile.reader_belongs,
        people=own or reader.is_staff,
        drafts=reader.is_staff or any(one.pk == pk for one in reader.for_participants(*READ_BY)),
        replies=reader.is_staff or reader.is_co_chair or bool(reader.for_participants(*READ_BY)),
        admissions=sees_admissions(reader),
        manages=bool(reader.roles_to_name(pk)),
        note=any(one.pk == pk for one in reader.for_participants(*HANDED_OVER_TO)),
    )


def own_reach(reader: Reader, participant: Participant) -> Reach:
    """What those who read the drafts of a participant see of it, without a look at the rest of its page."""
    speaks = any(one.pk == participant.pk for one in reader.speaks_for)
    return Reach(own=True, speaks=speaks, team=True, people=True, drafts=True, replies=True, note=True)


def audience(reader: Reader, reach: Reach, name: str) -> str:
    """Who reads this page, as its head says."""
    if reader.is_staff:
        return f"Public, with a part for {name} and the secretariat"
    if reach.own:
        return f"Public, with a part for {name} only"
    if reach.admissions:
        return "Public, with a part for co-chairs"
    return "Public, with a part for members" if reach.team else "Public"
