"""One-time codes that the desk hands out on paper, for people without e-mail."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoginCodeQuerySet(models.QuerySet["LoginCode"]):
    """Questions about codes."""

    def open_at(self, now: datetime) -> Self:
        """Codes that can still be used."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now, attempts__lt=LoginCode.MOST_ATTEMPTS)


class LoginCode(models.Model):
    """A code on a card that opens one account once. Only its keyed hash is kept.

    Purpose: to let people without e-mail log in. Retention: 12 months after it ended.
    """

    MOST_ATTEMPTS = 5

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="login_codes")
    code_hash = models.CharField(max_length=64, editable=False)
    issued_by = models.ForeignKey("booking.Account", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued"))
    expires_at = models.DateTimeField(_("valid until"))
    attempts = models.PositiveSmallIntegerField(_("wrong attempts"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = LoginCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("log-in code")
        verbose_name_plural = _("log-in codes")
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(used_at=None, revoked_at=None),
                name="person_has_one_code_card_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="login_code_ends_after_it_was_issued"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.issued_at:%Y-%m-%d}"
