"""Forms of people: invite, accept, change and end a post, confirm."""

import datetime as dt
import zoneinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from members.access import forum
from members.enums import ROLE_NAMES, Role
from members.forms.accounts import ADDRESS_ERRORS, RULES, DressedField
from members.forms.directory import DeedForm
from members.invitation_files import MOST_BYTES, rows_of
from members.models import Appointment, Body, Invitation, Participant, User
from members.names import one_line
from members.services.invitations import Newcomer, Offer

PASSWORD, PASSKEY = "password", "passkey"


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2026-07-23."},
    )


def first_instant(day: dt.date | None) -> dt.datetime | None:
    """When a day begins where the secretariat is."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(forum().time_zone)) if day else None


def after_last(day: dt.date | None) -> dt.datetime | None:
    """The instant from which a post with this last day is over."""
    return first_instant(day + dt.timedelta(days=1)) if day else None


def last_day(ends_at: dt.datetime | None) -> dt.date | None:
    """The last day of a term, where the secretariat is."""
    if ends_at is None:
        return None
    return (ends_at - dt.timedelta(microseconds=1)).astimezone(ZoneInfo(forum().time_zone)).date()


class InvitationSendForm(DeedForm):
    """Who is invited, to which post."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages=ADDRESS_ERRORS,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )
    name = forms.CharField(max_length=150, required=False, help_text="The person can correct it.")
    role = forms.ChoiceField(label="Post", error_messages={"required": "Choose the post."})
    participant = forms.ModelChoiceField(
        Participant.objects.none(),
        required=False,
        to_field_name="code",
        empty_label="None: a post of the secretariat",
        error_messages={"invalid_choice": "Choose one of the participants in the list."},
    )
    body = forms.ModelChoiceField(
        Body.objects.none(),
        required=False,
        label="Body of a co-chair",
        empty_label="The forum as a whole, or no co-chair",
    )
    function = forms.CharField(max_length=150, required=False, help_text="As in: Desk officer, Consular Department.")
    letter = forms.CharField(
        label="Letter that makes the appointment",
        max_length=200,
        required=False,
        help_text="Needed for a focal point, an alternate and a co-chair: the sender and the day.",
    )
    starts_on = _day("First day", "Leave empty: from the acceptance.")
    until = _day("Last day", "Leave empty: until it is ended.")
    replaces = forms.BooleanField(
        label="The new person replaces who holds this post now. That access ends at the moment the new one begins.",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        roles: frozenset[Role],
        participants: QuerySet[Participant] | None,
        bodies: QuerySet[Body] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        names = [(role.value, ROLE_NAMES[role]) for role in Role if role in roles]
        self.fields["role"].choices = [("", "Choose a post"), *names]  # type: ignore[attr-defined]
        for name, rows in (("participant", participants), ("body", bodies)):
            if rows is None:
                del self.fields[name]
            else:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]
        if participants is None:
            for name in ("letter", "starts_on", "until"):
                del self.fields[name]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def offer(self, participant: Participant | None) -> Offer:
        """What the service is asked for; a focal point's form has no participant of its own."""
        data = self.cleaned_data
        return Offer(
            email=data["email"],
            role=Role(data["role"]),
            participant=data["participant"] if "participant" in self.fields else participant,
            body=data.get("body"),
            name=data["name"],
            function=data["function"],
            letter=data.get("letter", ""),
            starts_at=first_instant(data.get("starts_on")),
            ends_at=after_last(data.get("until")),
            replaces=data["replaces"],
        )


@lru_cache(maxsize=1)
def zones() -> list[tuple[str, str]]:
    """IANA zones that name a place, as people look for them."""
    named = sorted(
        one for one in zoneinfo.available_timezones() if "/" in one and not one.startswith(("Etc/", "SystemV/"))
    )
    return [("", "Choose a time zone"), *((one, one.replace("_", " ")) for one in named), ("UTC", "UTC")]


class InvitationAcceptForm(forms.Form):
    """What a person without an account sets; the password twice, or none when a passkey is to open the account."""

    bound_field_class = DressedField

    name = forms.CharField(
        label="Your name",
        max_length=150,
        error_messages={"required": "Type your name as others are to read it."},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(
        label="Your time zone",
        choices=zones,
        error_messages={"required": "Choose your time zone.", "invalid_choice": "Choose one of the list."},
        help_text="Deadlines are shown in your time beside the secretariat's.",
    )
    password1 = forms.CharField(
        label="Password",
        help_text=RULES,
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Password again",
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        place = invitation.participant
        first = {"name": invitation.name, "time_zone": place.time_zone if place else forum().time_zone}
        super().__init__(*args, **{**kwargs, "initial": first})
        self.email = invitation.email
        for name in ("password1", "password2"):
            self.fields[name].is_needed = True  # type: ignore[attr-defined]

    @property
    def by_passkey(self) -> bool:
        return self.data.get("with") == PASSKEY

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name or not name.isprintable():
            raise ValidationError("The name holds a character that cannot be shown. Type it again.")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.by_passkey:
            return data
        first, second = data.get("password1", ""), data.get("password2", "")
        if not first:
            self.add_error("password1", "Type a password.")
            return data
        try:
            validate_password(first, User(email=self.email, name=data.get("name", "")))
        except ValidationError as error:
            self.add_error("password1", error)
        if first != second:
            self.add_error("password2", "The two passwords differ. Type the same one again.")
        return data

    def newcomer(self) -> Newcomer:
        data = self.cleaned_data
        return Newcomer(data["name"], data["time_zone"], None if self.by_passkey else data["password1"])


class BatchUploadForm(DeedForm):
    """A file of invitations; a page cannot keep it, so after an error it is chosen again."""

    file = forms.FileField(
        label="File",
        help_text="CSV in UTF-8 with commas, or XLSX; at most 2,000 rows and 1 MB.",
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "Choose the file with the invitations.",
            "empty": "The file is empty.",
            "missing": "Choose the file with the invitations.",
            "invalid": "The file did not arrive. Choose it again.",
        },
    )

    def rows(self) -> list[tuple[int, dict[str, str]]]:
        """The rows of the file. Raises NotAllowed with a sentence."""
        file = self.cleaned_data["file"]
        return rows_of(file.name, file.read(MOST_BYTES + 1))


class InvitationAnswerForm(DeedForm):
    """Send again, or revoke: only the key."""


class AppointmentChangeForm(DeedForm):
    """The function; for the secretariat the last day too."""

    function = forms.CharField(max_length=150, required=False, help_text="As in: Desk officer, Consular Department.")
    until = _day("Last day", "Leave empty: until it is ended.")

    def __init__(self, *args: Any, post: Appointment, changes_term: bool, **kwargs: Any) -> None:
        first = {"function": post.function, "until": last_day(post.ends_at)}
        super().__init__(*args, **{**kwargs, "initial": first})
        if not changes_term:
            del self.fields["until"]

    def changes(self) -> dict[str, Any]:
        """The keywords of the service."""
        data = self.cleaned_data
        term = {"ends_at": after_last(data["until"]), "changes_term": True} if "until" in self.fields else {}
        return {"function": one_line(data["function"]), "key": data["key"], **term}


class AppointmentConfirmForm(DeedForm):
    """Those who still act in their post, all ticked at first."""

    posts = forms.MultipleChoiceField(
        label="Who still acts",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one, or end the posts of those who left."},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"posts": [value for value, _ in choices]}})
        self.fields["posts"].choices = choices  # type: ignore[attr-defined]


class AppointmentEndForm(DeedForm):
    reason = forms.CharField(
        label="Why it ends",
        max_length=200,
        help_text="The person reads it in the mail.",
        error_messages={"required": "Say in a sentence why it ends."},
    )
