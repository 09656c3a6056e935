"""The certificate of an endorsement, for the audience of the document."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from audit.files import to_save
from documents.printing import pdf
from endorsements import access
from endorsements.contexts.certificate import certificate
from members.access import forum


@login_not_required
@require_safe
def circulation_certificate(request: HttpRequest, ref: str) -> HttpResponse:
    """One page, PDF. Who is not signed in and may not see it is asked to sign in; the reading of a certificate that is
    not public is logged."""
    reader = request.reader  # type: ignore[attr-defined]
    try:
        circulation = access.get_certificate(reader, ref)
    except Http404:
        if reader.is_signed_in:
            raise
        return redirect_to_login(request.get_full_path())
    access.note_certificate(reader, circulation)
    return to_save(pdf("certificate", certificate(circulation, forum())), "application/pdf", f"certificate-{ref}.pdf")
