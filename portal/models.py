"""What the last load of the forum's files wrote: so the next one tells an edit of a file from one in the portal."""

from django.db import models


class LoadedRow(models.Model):
    """The values of one row as the files had them. Only `loadforum` reads and writes it."""

    model = models.CharField(max_length=60)
    ref = models.CharField(max_length=250)
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "ref"], name="loaded_row_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.ref}"
