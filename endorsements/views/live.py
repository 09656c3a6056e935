"""The board of a circulation as its page asks for it every few seconds, for as long as it runs or waits."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from endorsements import access
from endorsements.live import standing_of
from endorsements.views.circulations import board_page
from members.access import forum_and_clock


@require_safe
def circulation_live(request: HttpRequest, ref: str) -> HttpResponse:
    """The parts of the board when something changed since `since`, else 204 with nothing. The door of the evidence is
    the board's own: 404 for whoever does not see it. Not logged as an opening: nobody turned the page."""
    reader = request.reader  # type: ignore[attr-defined]
    standing, since = standing_of(access.get_watched(reader, ref)), request.GET.get("since", "")
    if since == str(standing):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    says = since.partition("-")[0] != str(standing.seq)
    circulation, (home, now) = access.get_evidence(reader, ref), forum_and_clock()
    seat = access.seated(reader, circulation)
    return board_page(request, circulation, seat, home, now, base="components/fragment.html", says=says)
