"""Forms of documents: a draft with its details, a further version, a confirmation."""

from typing import Any

from django import forms
from django.conf import settings

from audit.forms import KeyedForm
from documents import gate
from documents.models import Document
from documents.refusal import Refused
from documents.rules import SYMBOL_LENGTH, is_symbol
from members.models import Body
from members.names import one_line

_MOST = settings.UPLOAD_MAX_BYTES // 1024 // 1024
_AGAIN = "Choose the file again: a page cannot keep it for you."


class DraftFileField(forms.FileField):
    """A Word document or plain text; what can be said at once of its name and size is said here."""

    def __init__(self) -> None:
        super().__init__(
            label="File",
            help_text=f"Word document (.docx) or plain text (.txt, UTF-8), at most {_MOST} MB.",
            widget=forms.FileInput({"class": "form-control", "accept": ".docx,.txt"}),
            error_messages={
                "required": "Choose the file that holds the draft.",
                "empty": "The file is empty. Choose the file that holds the draft.",
                "missing": "Choose the file that holds the draft.",
                "invalid": "The file did not arrive. Choose it again.",
            },
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        try:
            gate.check_name(file.name)
            gate.check_size(file.size, settings.UPLOAD_MAX_BYTES)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused
        return file


class FileForm(KeyedForm):
    """A form with a file: when anything is wrong with it, the file has to be chosen again."""

    def add_refusal(self, refused: Refused) -> None:
        """Put a refusal of the service at its field."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)
        self.say_again()

    def say_again(self) -> None:
        """After an error elsewhere: the browser has emptied the file field."""
        if self.errors and "file" not in self.errors:
            self.add_error("file", _AGAIN)

    def mark_invalid(self) -> None:
        """Give the fields in error the look of one."""
        for name in self.errors:
            if name in self.fields and not self.fields[name].widget.is_hidden:
                attrs = self.fields[name].widget.attrs
                attrs["class"] = f"{attrs.get('class', '')} is-invalid".strip()


class DocumentUploadForm(FileForm):
    """A new document with its first version."""

    title = forms.CharField(
        label="Title",
        max_length=200,
        widget=forms.TextInput({"class": "form-control"}),
        error_messages={"required": "Give the document a title."},
    )
    kind = forms.ChoiceField(
        label="Kind of document",
        choices=[("", "Choose a kind"), *Document.KINDS],
        widget=forms.Select({"class": "form-select"}),
        error_messages={"required": "Choose a kind.", "invalid_choice": "Choose one of the kinds in the list."},
    )
    body = forms.ModelChoiceField(
        Body.objects.filter(is_current=True),
        label="Body that owns it",
        empty_label="Choose a body",
        widget=forms.Select({"class": "form-select"}),
        error_messages={"required": "Choose a body.", "invalid_choice": "Choose one of the bodies in the list."},
    )
    symbol = forms.CharField(
        label="Symbol",
        max_length=SYMBOL_LENGTH,
        help_text="How the document is cited, as XY/2019/2. Letters and digits, with / . or - between them.",
        widget=forms.TextInput({"class": "form-control", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Give the document a symbol, as XY/2019/2."},
    )
    file = DraftFileField()

    def clean_symbol(self) -> str:
        symbol: str = self.cleaned_data["symbol"]
        if not is_symbol(symbol):
            raise forms.ValidationError("Use letters and digits, with one / . or - between them, as XY/2019/2.")
        # Whether it is taken is the service's question, asked under the key: a form sent twice must not meet itself.
        return symbol

    def clean_title(self) -> str:
        title = one_line(self.cleaned_data["title"])
        if not title.isprintable():
            raise forms.ValidationError("The title holds a character that cannot be shown. Type it again.")
        return title


class VersionUploadForm(FileForm):
    """A further version of a document."""

    file = DraftFileField()


class VersionConfirmForm(KeyedForm):
    """The officer has read what could not be carried over."""

    is_read = forms.BooleanField(
        label="I have read this list, and the draft can be circulated without what it names.",
        error_messages={"required": "Tick the box when you have read the list."},
    )
