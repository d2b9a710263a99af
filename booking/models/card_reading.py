"""Who read whose card at the desk, and when."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class CardReading(models.Model):
    """One person's record shown to one member of staff. Rows are added and never changed: the database refuses it.

    People are kept by id, not by reference, so that the log outlives merging and erasure.
    Purpose: to answer who has seen a record (art. 15 and 32 of the GDPR). Retention: 24 months.
    """

    class Page(models.TextChoices):
        """On which page."""

        CARD = "card", _("family card")
        DUPLICATES = "duplicates", _("possible duplicates")
        PRINT = "print", _("print")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_id = models.UUIDField(_("whose record"), db_index=True)
    reader = models.ForeignKey("booking.Account", on_delete=models.PROTECT, related_name="+", verbose_name=_("reader"))
    centre = models.ForeignKey("booking.Centre", on_delete=models.PROTECT, related_name="+", verbose_name=_("centre"))
    page = models.CharField(_("page"), max_length=10, choices=Page.choices)
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("reading of a card")
        verbose_name_plural = _("readings of cards")
        ordering = ["-read_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page__in=["card", "duplicates", "print"]), name="card_is_read_on_a_known_page"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader}, {self.read_at:%Y-%m-%d %H:%M}"
