"""That two records were of one person or of one family, and which one is kept."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MergeQuerySet(models.QuerySet["Merge"]):
    """Questions about merges."""

    def kept_instead_of(self, kind: str, record_id: uuid.UUID) -> uuid.UUID:
        """Return the record that stands for this one today, through any number of merges; itself if it was never one.

        One query where the record was not given up, one more for each merge.
        """
        while True:
            found = self.filter(kind=kind, given_up_id=record_id).values_list("kept_id", flat=True).first()
            if found is None:
                return record_id
            record_id = found

    def homes_once_numbered(self, code: str) -> set[uuid.UUID]:
        """Return the households that took over those who had this number before."""
        homes = self.filter(kind=Merge.Kind.HOUSEHOLD, given_up_code__iexact=code) if code else self.none()
        return {self.model.objects.kept_instead_of(Merge.Kind.HOUSEHOLD, home.kept_id) for home in homes}


class Merge(models.Model):
    """One record that was put into another. Rows are added and never changed: the database refuses it.

    `moved` counts what came over, by kind; the record that was given up is gone, its id stays here.
    Purpose: to prove that nothing was lost, and to lead old addresses on. Retention: as long as the record kept.
    """

    class Kind(models.TextChoices):
        """Of what."""

        PERSON = "person", _("person")
        HOUSEHOLD = "household", _("household")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    kept_id = models.UUIDField(_("kept"), db_index=True)
    given_up_id = models.UUIDField(_("given up"))
    given_up_code = models.CharField(_("household number given up"), max_length=12, blank=True, db_index=True)
    moved = models.JSONField(_("what came over"), default=dict)
    by = models.ForeignKey("booking.Account", on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    centre = models.ForeignKey("booking.Centre", on_delete=models.PROTECT, related_name="+", verbose_name=_("centre"))
    merged_at = models.DateTimeField(_("merged"))

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-merged_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "given_up_id"], name="record_is_given_up_once"),
            models.CheckConstraint(condition=Q(kind__in=["person", "household"]), name="merge_is_of_a_known_kind"),
            models.CheckConstraint(condition=~Q(kept_id=F("given_up_id")), name="record_is_not_merged_with_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.given_up_id} → {self.kept_id}"
