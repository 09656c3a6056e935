"""Who came to which meeting over the years."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings import access
from meetings.heat import heat_page
from members.access import forum


@require_safe
def attendance_table(request: HttpRequest) -> HttpResponse:
    """The table for members and the secretariat, each as far as it may know who came."""
    reader = request.reader  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "")[:60] for name in ("series", "page", "order")}
    context = heat_page(reader, **asked)
    return render(
        request,
        "meetings/attendance_table.html",
        {**context, "forum": forum(), "who": access.readers_of_attendance(reader)},
    )
