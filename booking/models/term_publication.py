"""Who published what of a term, when, and with which known shortcomings."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class TermPublication(models.Model):
    """One publication of a term or of some of its lines, written with it and never edited.

    `fingerprint` is that of the preview that was confirmed; `reason` says why it was published in spite of warnings.
    Purpose: to answer "who changed the whole timetable and why". Holds the account that did it. Retention: 5 years,
    as the sessions.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey("scheduler.Term", on_delete=models.PROTECT, related_name="publications")
    by = models.ForeignKey("booking.Account", on_delete=models.SET_NULL, null=True, related_name="term_publications")
    at = models.DateTimeField(_("when"))
    reason = models.CharField(_("why in spite of warnings"), max_length=300, blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    # What became of which dates, by series: what the messages about it are written from.
    changes = models.JSONField(_("dates"), default=dict, blank=True)
    fingerprint = models.CharField(_("fingerprint of the preview"), max_length=64)
    added = models.PositiveIntegerField(_("dates added"))
    changed = models.PositiveIntegerField(_("dates changed"))
    removed = models.PositiveIntegerField(_("dates removed"))
    told = models.PositiveIntegerField(_("people told"))

    class Meta:
        verbose_name = _("publication of a term")
        verbose_name_plural = _("publications of terms")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.term} {self.at:%Y-%m-%d %H:%M}"
