"""Who acts for whom: the one door to the roles of a person, read from the appointments in office at this moment."""

import datetime as dt
from dataclasses import dataclass, field
from typing import cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, Func, Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404

from members.acting import Choice, choices_of, narrowed
from members.clock import clock
from members.enums import ROLE_NAMES, SPEAKS, STAFF, Role
from members.models import Admission, Appointment, Body, Forum, HandoverNote, Participant, User
from members.rules import roles_to_name


@dataclass(frozen=True)
class Reader:
    """A person as the pages know it: the account and the appointments in office. Nobody, for who is not signed in."""

    user: User | None = None
    appointments: tuple[Appointment, ...] = field(default=())
    chosen: str = ""
    """Key of the choice of the person who has several posts; of no effect on what the person may see and do."""

    def _has(self, *roles: Role) -> bool:
        return any(appointment.role in roles for appointment in self.appointments)

    @property
    def choices(self) -> list[Choice]:
        """Ways to act, when there is more than one."""
        found = choices_of(self.appointments)
        return found if len(found) > 1 else []

    @property
    def acts_as(self) -> Choice | None:
        """What the person chose, as long as an appointment in office stands behind it. None: all posts."""
        return next((one for one in self.choices if one.key == self.chosen), None)

    @property
    def acting(self) -> "Reader":
        """This reader with the posts of the choice alone: for lists and for what comes first, never for access."""
        return Reader(self.user, narrowed(self.appointments, self.chosen)) if self.acts_as else self

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None

    @property
    def is_admin(self) -> bool:
        return self.user is not None and self.user.is_superuser

    @property
    def is_staff(self) -> bool:
        """Officers and managers of the secretariat."""
        return self._has(*STAFF)

    @property
    def is_officer(self) -> bool:
        return self._has(Role.OFFICER)

    @property
    def notice_codes(self) -> frozenset[str]:
        """Codes of the participants whose notices this person reads: of posts in office; the empty one stands for the
        secretariat and the chairs."""
        serves = {""} if self.is_staff or self.is_co_chair or self.is_admin else set()
        return frozenset(serves | {one.participant.code for one in self.appointments if one.participant})

    @property
    def codes_spoken_for(self) -> frozenset[str]:
        return frozenset(one.code for one in self.speaks_for)

    @property
    def is_manager(self) -> bool:
        return self._has(Role.MANAGER)

    @property
    def co_chaired_body_ids(self) -> set[int | None]:
        """Bodies this person co-chairs; None stands for the forum as a whole."""
        return {one.body_id for one in self.appointments if one.role == Role.CO_CHAIR}

    @property
    def is_co_chair(self) -> bool:
        return self._has(Role.CO_CHAIR)

    def for_participants(self, *roles: Role) -> list[Participant]:
        """Participants for whom the person holds one of the roles (any participant's role when none is named)."""
        wanted = roles or (Role.FOCAL_POINT, Role.ALTERNATE, Role.REVIEWER, Role.OBSERVER_DELEGATE)
        found = {one.participant_id: one.participant for one in self.appointments if one.role in wanted}
        return [participant for participant in found.values() if participant]

    @property
    def participants(self) -> list[Participant]:
        return self.for_participants()

    @property
    def participant_ids(self) -> set[int]:
        return {participant.pk for participant in self.participants}

    @property
    def speaks_for(self) -> list[Participant]:
        """Participants whose position this person submits (focal point or alternate)."""
        return self.for_participants(*SPEAKS)

    def roles_to_name(self, participant_id: int | None) -> frozenset[Role]:
        """The posts that this person may offer and end: for a participant, or (None) of the secretariat."""
        own = {participant.pk for participant in self.for_participants(Role.FOCAL_POINT)}
        roles = roles_to_name(
            officer=self.is_officer,
            manager=self.is_manager,
            admin=self.is_admin,
            focal_point=participant_id in own,
        )
        return roles & STAFF if participant_id is None else roles - STAFF

    @property
    def label(self) -> str:
        """As the masthead says it: "Focal point, Sri Lanka"; several posts one after the other."""
        if self.appointments:
            return "; ".join(dict.fromkeys(_label(one) for one in self.acting.appointments))
        if self.is_admin:
            return "Administrator"
        return str(self.user) if self.user else ""

    def label_for(self, participant: Participant) -> str:
        """The post by which the person speaks for a participant: "Alternate, Nepal"."""
        of = [one for one in self.appointments if one.participant_id == participant.pk]
        spoken = [one for one in of if one.role in SPEAKS] or of
        return _label(spoken[0]) if spoken else self.label

    @property
    def zone(self) -> str:
        """IANA time zone of the person, else of the participant, else empty (the forum's)."""
        if self.user and self.user.time_zone:
            return self.user.time_zone
        return next((one.time_zone for one in self.participants if one.time_zone), "")

    @property
    def city(self) -> str:
        """City that names the person's time; empty when the forum's time is the person's."""
        own = self.participants
        if self.user and self.user.time_zone and not any(one.time_zone == self.user.time_zone for one in own):
            return self.user.time_zone.rsplit("/", 1)[-1].replace("_", " ")
        return next((one.city for one in own if one.time_zone), "")


def _label(appointment: Appointment) -> str:
    role, body = ROLE_NAMES[Role(appointment.role)], appointment.body
    named = f"{role} of the {body.abbreviation or body}" if body else role
    return f"{named}, {appointment.participant}" if appointment.participant else named


NOBODY = Reader()


def reader_of(user: AbstractBaseUser | AnonymousUser, chosen: str = "") -> Reader:
    """The reader behind a user: one query for the appointments in office by the database's clock. `chosen` is the key
    of the choice kept in the session."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    in_office = Appointment.objects.filter(user_id=user.pk).in_office(Now())
    found = in_office.select_related("participant", "body").order_by("starts_at", "pk")
    return Reader(cast("User", user), tuple(found), chosen)


def forum() -> Forum:
    """The forum of this installation; a blank one before its data is loaded."""
    return Forum.objects.first() or Forum(
        name="Forum", short_name="Forum", secretariat="Secretariat", time_zone="UTC", number_series="INT"
    )


def forum_and_clock() -> tuple[Forum, dt.datetime]:
    """The forum and the database's clock in one query: for pages, which say how much time is left."""
    found = Forum.objects.annotate(read_at=Func(function="clock_timestamp", output_field=DateTimeField())).first()
    if found is None:
        return forum(), clock()
    moment: dt.datetime = found.read_at
    return found, moment.astimezone(dt.UTC)


def participants_visible_to(reader: Reader) -> QuerySet[Participant]:
    """Who is in the directory for this reader: a newcomer whose first admission is under way is known to those alone
    who see admissions, and to its own people."""
    if sees_admissions(reader):
        return Participant.objects.all()
    own = reader.participant_ids
    return Participant.objects.filter(Q(is_public=True) | Q(pk__in=own) if own else Q(is_public=True))


def user_who_changes(reader: Reader) -> User:
    """The officer or manager behind a deed of the directory. 404 for everyone else: they know of no such page."""
    if reader.user is None or not reader.is_staff:
        raise Http404
    return reader.user


def sees_admissions(reader: Reader) -> bool:
    """Admissions under way are for the secretariat and the co-chairs of the forum."""
    return reader.is_staff or None in reader.co_chaired_body_ids


def admissions_visible_to(reader: Reader) -> QuerySet[Admission]:
    """All admissions; 404 for those who know of none under way."""
    if not sees_admissions(reader):
        raise Http404
    return Admission.objects.select_related("participant", "body")


def get_admission(reader: Reader, pk: int) -> Admission:
    admission = admissions_visible_to(reader).filter(pk=pk).first()
    if admission is None:
        raise Http404
    return admission


def participants_to_choose(reader: Reader) -> QuerySet[Participant]:
    """For the forms of the directory's deeds: every participant that did not become part of another."""
    user_who_changes(reader)
    return Participant.objects.filter(merger__isnull=True)


def bodies_to_join(reader: Reader) -> QuerySet[Body]:
    """Bodies that keep a list of their participants."""
    user_who_changes(reader)
    return Body.objects.filter(is_current=True, takes_all_members=False)


HANDED_OVER_TO = (Role.FOCAL_POINT, Role.ALTERNATE, Role.REVIEWER)
"""Who reads what is handed over within a participant: those who read its drafts."""


def participant_of_own_people(reader: Reader, slug: str) -> Participant:
    """The participant of an address, for the people who read its drafts. 404 for everyone else, staff and admins too:
    what a participant hands over is its own business."""
    found = next((one for one in reader.for_participants(*HANDED_OVER_TO) if one.slug == slug), None)
    if found is None:
        raise Http404
    return found


def user_who_speaks(reader: Reader, participant: Participant) -> User:
    """The focal point or alternate behind a deed for the participant. 403 for its other people."""
    if reader.user is None or participant not in reader.speaks_for:
        raise PermissionDenied(f"Only the focal point and the alternate of {participant} do this.")
    return reader.user


def handover_note_of(reader: Reader, participant: Participant) -> HandoverNote | None:
    """The note of one of the reader's own participants, when one was written. 404 for everyone else."""
    participant_of_own_people(reader, participant.slug)
    return HandoverNote.objects.filter(participant=participant).select_related("written_by").first()


def user_of(reader: Reader) -> User:
    """The account behind a deed; 404 for nobody."""
    if reader.user is None:
        raise Http404
    return reader.user


def bodies_with_co_chairs(reader: Reader) -> QuerySet[Body]:
    """Current bodies, for the form that names a co-chair."""
    user_who_changes(reader)
    return Body.objects.filter(is_current=True)
