"""How the forms of the portal render: Django's own rendering with one field template."""

from django.forms.renderers import TemplatesSetting


class FieldRenderer(TemplatesSetting):
    """Label above, help under it, the error above the field and named by its `aria-describedby`."""

    field_template_name = "components/field.html"
    form_template_name = "components/form.html"
