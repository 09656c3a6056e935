"""An officer reminds those who have not replied: a page that says whom and by how many mails, then a POST."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from endorsements import access, services
from endorsements.contexts.reminding import reminding
from endorsements.forms_deeds import RemindForm
from endorsements.rules import NotAllowed
from endorsements.views.circulations import add_refusal
from members.access import forum_and_clock
from members.views.decisive import decisive


@require_http_methods(["GET", "POST"])
@decisive
def circulation_remind(request: HttpRequest, ref: str) -> HttpResponse:
    """Remind all or some of those who have not replied, at once."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_remind(reader, circulation), "This circulation is not running. Nobody can be reminded.")
    context = reminding(circulation, reader, *forum_and_clock())
    form = RemindForm(request.POST if request.method == "POST" else None, choices=context["choices"])
    if request.method == "POST" and form.is_valid():
        codes, key = form.cleaned_data["participants"], form.cleaned_data["key"]
        try:
            sent = services.remind_now(ref, codes, actor=access.user_of(reader), key=key)
            messages.success(request, f"{sent} reminder{' is' if sent == 1 else 's are'} on the way.")
            return redirect(circulation)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    return render(request, "endorsements/circulation_remind.html", {**context, "form": form})
