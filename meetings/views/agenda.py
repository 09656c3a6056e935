"""The agenda of a meeting: one page for all who may read it, and the secretariat's deeds on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings import access, services
from meetings.agenda_entries import entries_of
from meetings.agenda_enums import MOST_DEPTH, AgendaState, AgendaVerb, ItemKind
from meetings.agenda_rules import descendants
from meetings.agendas import DayPart, Row, agenda_page
from meetings.forms import AgendaBackForm, HoursForm, ItemForm, MoveForm, OfVersion
from meetings.models import Agenda, AgendaItem, Meeting
from members.access import forum
from members.rules import NotAllowed


@require_safe
def agenda_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The published agenda; for the secretariat the desk, with an item open for editing where the address says so."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, agenda, reach = access.get_agenda(reader, slug)
    as_delegates = reach.is_desk and request.GET.get("as") == "delegates"
    context = agenda_page(
        meeting,
        agenda,
        reader,
        forum(),
        is_desk=reach.is_desk and not as_delegates,
        notes=reach.notes and not as_delegates,
    )
    is_unseen = as_delegates and agenda.state == AgendaState.DRAFT
    context |= {"as_delegates": as_delegates, "is_unseen": is_unseen, "chairs": reach.notes and not reach.is_desk}
    if context["can_change"]:
        context |= _open_form(request, meeting, agenda, context["days"])
    return render(request, "meetings/agenda_detail.html", context)


def _open_form(request: HttpRequest, meeting: Meeting, agenda: Agenda, days: list[DayPart]) -> dict[str, Any]:
    """The form that the address asks for: ?add=day-2, ?add=under-17, ?edit=17, ?hours=1."""
    edit, add = request.GET.get("edit", ""), request.GET.get("add", "")
    if request.GET.get("hours"):
        hours = {"version": agenda.version, "day_starts": agenda.day_starts, "day_ends": agenda.day_ends}
        return {"hours_form": HoursForm(initial=hours)}
    if edit.isascii() and edit.isdigit() and len(edit) < 10:
        item = meeting.agenda_items.filter(pk=int(edit)).first()
        if item:
            form = _item_form(request, meeting, initial=ItemForm.initial_of(item))
            return {"edit_form": form, "editing": item.pk}
    if add:
        places = _places(days)
        given = add if add in dict(places) else places[0][0]
        kind = ItemKind.BREAK.value if request.GET.get("kind") == "break" else ItemKind.ITEM.value
        return {"add_form": _item_form(request, meeting, places=places, initial={"place": given, "kind": kind})}
    return {}


def _item_form(request: HttpRequest, meeting: Meeting, *args: Any, **kwargs: Any) -> ItemForm:
    reader = request.reader  # type: ignore[attr-defined]
    return ItemForm(
        *args, documents=access.documents_to_name(reader), requests=access.requests_to_name(meeting), **kwargs
    )


def _places(days: list[DayPart]) -> list[tuple[str, str]]:
    """Where a new item may stand: at the end of each day, or under an item."""
    found: list[tuple[str, str]] = []

    def under(rows: list[Row], depth: int) -> None:
        for row in rows:
            if not row.is_break and depth < MOST_DEPTH - 1:
                found.append((f"under-{row.item.pk}", f"Under {row.cited} {row.item.title[:60]}"))
                under(row.children, depth + 1)

    for day in days:
        found.append((f"day-{day.number}", f"{day.heading}, at the end"))
        under(day.rows, 0)
    return found


def _desk(request: HttpRequest, meeting: Meeting, agenda: Agenda, **extra: Any) -> HttpResponse:
    """The page again, with what was typed and what is wrong with it."""
    reader = request.reader  # type: ignore[attr-defined]
    context = agenda_page(meeting, access.agenda_of(meeting), reader, forum(), is_desk=True, notes=True)
    return render(request, "meetings/agenda_detail.html", {**context, **extra})


def _to(slug: str, item: AgendaItem | None = None) -> HttpResponse:
    address = reverse("meetings:agenda-detail", args=[slug])
    return redirect(f"{address}#i{item.pk}" if item else address)


@require_POST
def agenda_item_add(request: HttpRequest, slug: str) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    meeting, agenda = access.agenda_desk(reader, slug)
    days = agenda_page(meeting, agenda, reader, forum(), is_desk=True, notes=False)["days"]
    form = _item_form(request, meeting, request.POST, places=_places(days))
    if form.is_valid():
        try:
            made = services.add_item(
                slug, form.plan(), form.spot(), actor=access.user_of(reader), key=form.cleaned_data["key"]
            )
            messages.success(request, f"Added{', marked late' if made.is_late else ''}: {made.title}")
            return _to(slug, made)
        except NotAllowed as refused:
            form.refuse(refused)
    return _desk(request, meeting, agenda, add_form=form)


@require_POST
def agenda_item_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    meeting, agenda, item = access.get_item(reader, slug, pk)
    form, saved = _item_form(request, meeting, request.POST), None
    if form.is_valid():
        try:
            services.change_item(
                slug,
                pk,
                form.plan(),
                version=form.cleaned_data["version"] or 0,
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
            )
            messages.success(request, "Saved.")
            return _to(slug, item)
        except services.ItemIsStale as stale:
            saved = stale.saved
            again = request.POST.copy()
            again["version"] = str(saved.version)
            form.data = again
            form.refuse(stale)
        except NotAllowed as refused:
            form.refuse(refused)
    return _desk(request, meeting, agenda, edit_form=form, editing=pk, saved=saved)


@require_POST
def agenda_item_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One step by a button or a key, or a place by dragging."""
    reader = request.reader  # type: ignore[attr-defined]
    _meeting, _agenda, item = access.get_item(reader, slug, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, "This page is out of date. Nothing was moved. Try again.")
        return _to(slug, item)
    data = form.cleaned_data
    try:
        services.move_item(slug, pk, form.to(), version=data["version"], actor=access.user_of(reader), key=data["key"])
    except NotAllowed as refused:
        messages.error(request, refused.message)
    return _to(slug, item)


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_item_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Says what goes with the item, then removes it."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, agenda, item = access.get_item(reader, slug, pk)
    access.require(access.can_agenda(AgendaVerb.CHANGE, reader, meeting, agenda), "This agenda stays as it is.")
    form = OfVersion(request.POST if request.method == "POST" else None, initial={"version": agenda.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_item(
                slug,
                pk,
                version=form.cleaned_data["version"],
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
            )
            messages.success(request, f"Removed: {item.title}")
            return _to(slug)
        except NotAllowed as refused:
            form.refuse(refused)
    inside = descendants(entries_of(meeting.agenda_items.all()), pk)
    context = {"meeting": meeting, "agenda": agenda, "item": item, "form": form}
    context["inside"] = [one for one in meeting.agenda_items.all() if one.pk in inside]
    return render(request, "meetings/agenda_item_remove.html", context)


@require_POST
def agenda_hours(request: HttpRequest, slug: str) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    meeting, agenda = access.agenda_desk(reader, slug)
    form = HoursForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.set_agenda_hours(
                slug,
                starts=data["day_starts"],
                ends=data["day_ends"],
                version=data["version"],
                actor=access.user_of(reader),
                key=data["key"],
            )
            messages.success(request, "Saved.")
            return _to(slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _desk(request, meeting, agenda, hours_form=form)


def _step(request: HttpRequest, slug: str, deed: Callable[..., Agenda], said: str) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    access.agenda_desk(reader, slug)
    form = OfVersion(request.POST)
    try:
        if not form.is_valid():
            raise NotAllowed("This page is out of date. Load it again and send the form once more.")
        deed(slug, version=form.cleaned_data["version"], actor=access.user_of(reader), key=form.cleaned_data["key"])
        messages.success(request, said)
    except NotAllowed as refused:
        messages.error(request, refused.message)
    return _to(slug)


@require_POST
def agenda_publish(request: HttpRequest, slug: str) -> HttpResponse:
    return _step(request, slug, services.publish_agenda, "Published. Members and invited participants can read it now.")


@require_POST
def agenda_freeze(request: HttpRequest, slug: str) -> HttpResponse:
    return _step(request, slug, services.freeze_agenda, "Frozen. What is added from now on is marked late.")


def _back(request: HttpRequest, slug: str, verb: AgendaVerb) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    meeting, agenda = access.agenda_desk(reader, slug)
    access.require(access.can_agenda(verb, reader, meeting, agenda), "This step back is not open now.")
    form = AgendaBackForm(request.POST if request.method == "POST" else None, initial={"version": agenda.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.step_agenda_back(
                slug,
                verb,
                reason=data["reason"],
                version=data["version"],
                actor=access.user_of(reader),
                key=data["key"],
            )
            messages.success(request, "Done. The reason is on record.")
            return _to(slug)
        except NotAllowed as refused:
            form.refuse(refused)
    context = {"meeting": meeting, "agenda": agenda, "form": form, "is_thaw": verb == AgendaVerb.THAW}
    return render(request, "meetings/agenda_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_thaw(request: HttpRequest, slug: str) -> HttpResponse:
    """From frozen back to published."""
    return _back(request, slug, AgendaVerb.THAW)


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """From published back to draft."""
    return _back(request, slug, AgendaVerb.TAKE_BACK)
