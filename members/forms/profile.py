"""Forms of a person's own account."""

from typing import Any

from django import forms

from audit.forms import KeyedForm
from members.forms.accounts import DressedField
from members.forms.directory import DeedForm
from members.forms.people import zones

LANGUAGES = {
    "ar": "Arabic",
    "bn": "Bangla",
    "my": "Burmese",
    "zh": "Chinese",
    "dv": "Dhivehi",
    "dz": "Dzongkha",
    "en": "English",
    "tl": "Filipino",
    "fr": "French",
    "hi": "Hindi",
    "id": "Indonesian",
    "ja": "Japanese",
    "km": "Khmer",
    "ko": "Korean",
    "lo": "Lao",
    "ms": "Malay",
    "mn": "Mongolian",
    "ne": "Nepali",
    "ps": "Pashto",
    "fa": "Persian",
    "pt": "Portuguese",
    "ru": "Russian",
    "si": "Sinhala",
    "es": "Spanish",
    "ta": "Tamil",
    "th": "Thai",
    "tr": "Turkish",
    "ur": "Urdu",
    "vi": "Vietnamese",
}


class ProfileForm(DeedForm):
    """What a person says of oneself."""

    name = forms.CharField(
        max_length=150,
        label="Name",
        help_text="As your colleagues know you, in any script.",
        error_messages={"required": "Type your name."},
    )
    time_zone = forms.ChoiceField(
        required=False,
        label="Time zone",
        help_text="Deadlines are shown in it too. Empty: that of your State or organisation.",
        error_messages={"invalid_choice": "“%(value)s” is not a time zone. Choose one from the list."},
    )
    language = forms.ChoiceField(
        required=False,
        label="Language",
        choices=[("", "No preference"), *LANGUAGES.items()],
        help_text="In which you wish to be written to. These pages are in English.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.initial.get("time_zone", "")
        choices = [("", "No own time zone"), *zones()[1:]]
        if own not in dict(choices):
            choices.append((own, own))  # named in another way than by a place: it stays what it is
        self.fields["time_zone"].choices = choices  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class DeleteForm(KeyedForm):
    """A box to tick: there is no way back."""

    bound_field_class = DressedField
    is_sure = forms.BooleanField(
        label="I know that there is no way back", error_messages={"required": "Tick the box if you are sure."}
    )
