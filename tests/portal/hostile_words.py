"""Puts a text into every text field of every row there is."""

from django.apps import apps
from django.db import DatabaseError, models, transaction

OURS = {
    "audit",
    "decisions",
    "documents",
    "endorsements",
    "meetings",
    "members",
    "notifications",
    "portal",
    "workgroups",
}
SHORTEST = 18
NOT_FREE_TEXT = {
    "code", "color", "event", "file_sha256", "head", "holiday_country", "key", "label_sha256", "language", "languages",
    "media_type", "message_id", "number", "number_series", "password", "path", "prev", "ref", "salt", "slug",
    "source_path", "subject_kind", "subject_ref", "text_sha256", "time_zone", "token_sha256", "on_behalf_of", "folded",
}  # fmt: skip
"""Made by the portal, or checked to be a name of a zone, a hash, a part of an address."""


def text_fields(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.EmailField | models.SlugField | models.URLField)
        and not field.choices
        and field.name not in NOT_FREE_TEXT
        and (field.max_length is None or field.max_length >= SHORTEST)
    ]


def fill(long: str, short: str) -> set[str]:
    """Write the longest of the two that fits into each text field. Answers with the fields that the database guards:
    append-only, released, or held by a constraint."""
    guarded = set()
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for field in text_fields(model):
            fits = long if field.max_length is None or field.max_length >= len(long) + 4 else short
            for pk in model._base_manager.values_list("pk", flat=True):
                text = fits[: (field.max_length or 999) - 4] + str(pk % 1000) if field.unique else fits
                try:
                    with transaction.atomic():
                        model._base_manager.filter(pk=pk).update(**{field.name: text})
                except DatabaseError:
                    guarded.add(f"{model._meta.label}.{field.name}")
                    break
    return guarded
