"""A cell of the board: two hundred of them are a third of the page's time as nodes of a template."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from endorsements.contexts.board import Cell
from portal.templatetags.portal import day_month

register = template.Library()
INSIDE = '<b>{1}</b><span class="sig"></span><span class="nm">{2}</span><span class="visually-hidden">{3}</span>'
SILENT = f'<li class="cell {{0}}"><a id="cell-{{1}}">{INSIDE}<span>{{4}}</span></a></li>'
REPLIED = f'<li class="cell {{0}}"><a id="cell-{{1}}" href="{{5}}">{INSIDE}<span>{{4}}</span></a></li>'
WITHOUT = f'<li class="cell {{0}}"><a id="cell-{{1}}">{INSIDE}</a></li>'


@register.filter
def board_cell(cell: Cell, zone: str) -> SafeString:
    """The list item of one participant: code, sign, name, and the day of its reply or what is known of it."""
    below = day_month(cell.at, zone) if cell.at else cell.knows
    form = REPLIED if cell.url else SILENT if below else WITHOUT
    return format_html(form, cell.css, cell.code, cell.name, cell.word, below, cell.url)
