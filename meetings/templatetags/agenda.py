"""The buttons beside each item of an agenda, without nodes of a template: sixty items have some two hundred."""

from functools import lru_cache

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from meetings.agendas import Row

register = template.Library()
FORM = (
    '<form class="acts" method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    '<input type="hidden" name="key" value="{}"><input type="hidden" name="version" value="{}">{}</form>'
)
BUTTON = (
    '<button class="btn btn-line btn-sm" name="move" value="{}"{} aria-label="Move {} {}" title="Move {}">{}</button> '
)
EDIT = '<a class="btn btn-line btn-sm" href="?edit={0}#i{0}" aria-label="Edit {1}">{2} Edit</a>'
DISABLED, NOTHING = mark_safe(" disabled"), mark_safe("")


@lru_cache(maxsize=64)
def _icon(name: str) -> SafeString:
    return render_to_string("components/icon.html", {"icon": name})


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small picture beside a word, hidden from screen readers. Rendered once: an agenda holds some two hundred."""
    return _icon(name)


@register.simple_tag(takes_context=True)
def agenda_moves(context: Context, row: Row) -> SafeString:
    """Up, down, in and out, each a button of one form; and the way to the form of the item."""
    can_change = bool(context.get("can_change"))
    if not row.moves and not can_change:
        return NOTHING
    edit = format_html(EDIT, row.item.pk, row.name, icon("edit")) if can_change else NOTHING
    return format_html('<div class="acts noprint">{}{}</div>', _form(context, row) if row.moves else NOTHING, edit)


def _form(context: Context, row: Row) -> SafeString:
    buttons = format_html_join(
        "",
        BUTTON,
        ((move, NOTHING if may else DISABLED, row.name, words, words, icon(move)) for move, words, may in row.moves),
    )
    where = reverse("meetings:agenda-item-move", args=[context["meeting"].slug, row.item.pk])
    return format_html(FORM, where, context["csrf_token"], row.key, context["agenda"].version, buttons)
