"""What every page of Django admin of this portal has: export, history, cheap lists; and how to keep a row as it is."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from audit import history
from audit.admin.exporting import ListExport

ENTRIES_PER_PAGE = 50


class NothingChanges:
    """For an admin class or an inline: look, find, but neither add, change nor delete."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ListAdmin(ListExport, admin.ModelAdmin):
    """The base of every admin class: lists of 50, export, and a history that tells old from new."""

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """What a row points at is not deleted beside the field that points at it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Two people may save the same name in the same instant: the database refuses one, who is told so."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            messages.error(
                request, "Somebody else saved the same at this moment. Nothing of yours was saved; try again."
            )
            return HttpResponseRedirect(request.get_full_path())

    def history_children(self, request: HttpRequest, thing: Model) -> list[history.Child]:
        """Models edited on this page whose changes are kept."""
        found = []
        for inline in self.get_inline_instances(request, thing):
            if history.is_kept(inline.model):
                key: Any = inline.get_formset(request, thing).fk
                found.append((inline.model, key.name))
        return found

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what from which value to which, and when: the row's own changes and those of its page's rows."""
        thing = self.get_object(request, unquote(object_id))
        if thing is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        entries = history.entries_of(thing, self.history_children(request, thing))
        page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {thing}",
            "opts": self.opts,
            "object": thing,
            "page": page,
            "entries": history.Entries(list(page)),
            "is_kept": history.is_kept(self.model),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/history.html", context)


class ReadOnlyAdmin(NothingChanges, ListAdmin):
    """To look at and to export; every change is a deed on the pages of the portal, or a machine's."""
