"""That somebody who works with children was looked up in the registers the law names: fact and day, no content."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class SafeguardingCheck(models.Model):
    """One look into one register before somebody works with minors.

    Asked for by art. 21 of the Act of 13 May 2016 (Dz.U. 2016 poz. 862 with later changes).
    Purpose: nobody who was not checked is assigned to children. Says that, when and by whom it was looked up and
    whether nothing stands in the way; what a register says is never kept. Retention: as the staff record.
    """

    class Kind(models.TextChoices):
        """What was looked up or presented."""

        RSPTS = "rspts", _("register of sexual offenders (restricted access)")
        COMMISSION = "commission", _("register of the State Commission")
        KRK = "krk", _("certificate of no criminal record (KRK)")
        FOREIGN = "foreign", _("certificate from abroad")
        STATEMENT = "statement", _("statement in place of a certificate from abroad")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey("booking.StaffMember", on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(_("what was checked"), max_length=12, choices=Kind.choices)
    checked_on = models.DateField(_("checked on"))
    checked_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    ok = models.BooleanField(_("nothing stands in the way"), default=True)

    class Meta:
        verbose_name = _("check before work with children")
        verbose_name_plural = _("checks before work with children")
        ordering = ["-checked_on", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["rspts", "commission", "krk", "foreign", "statement"]),
                name="safeguarding_check_is_of_a_known_kind",
            ),
            models.UniqueConstraint(
                fields=["member", "kind", "checked_on"], name="safeguarding_check_is_noted_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.checked_on}"
