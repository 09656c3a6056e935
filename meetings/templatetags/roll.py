"""A line behind the first of a delegation in the roll call, without nodes of a template: a large meeting has four
hundred."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from meetings.roll import Line

register = template.Library()
CHECKED, DISABLED, NOTHING = mark_safe(" checked"), mark_safe(" disabled"), mark_safe("")
OTHERWISE = (
    '<select class="form-select form-select-sm w-auto" name="how-{0}" aria-label="{1}: otherwise"{2}>{3}</select>'
)
INSIDE = (
    '<li class="split align-items-center"><label class="p-0"><input type="checkbox" name="in-{0}" '
    'data-line="{0}"{4}{2}><span>{1}{5}</span></label><input type="hidden" name="was-{0}" value="{6}">'
    + OTHERWISE
    + "</li>"
)
NOTE = '<span class="note">, {}</span>'


@register.simple_tag
def otherwise(line: Line, can_mark: bool) -> SafeString:
    """What may stand instead of a tick."""
    return format_html(OTHERWISE, line.key, line.name, NOTHING if can_mark else DISABLED, line.options)


@register.simple_tag
def roll_line(line: Line, can_mark: bool) -> SafeString:
    """The list item of one delegate: its box, what the page showed, what may stand instead."""
    return format_html(
        INSIDE,
        line.key,
        line.name,
        NOTHING if can_mark else DISABLED,
        line.options,
        CHECKED if line.is_present else NOTHING,
        format_html(NOTE, line.note) if line.note else NOTHING,
        line.mark.value,
    )
