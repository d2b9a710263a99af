"""Short addresses for SMS, which has no room for a signed link."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShortLinkQuerySet(models.QuerySet["ShortLink"]):
    """Questions about short links."""

    def open_at(self, now: datetime) -> Self:
        """Return those that still lead somewhere."""
        return self.filter(until__gt=now)


class ShortLink(models.Model):
    """One short address and the page it leads to. Only a keyed digest of its code is kept.

    Purpose: a link in an SMS. Holds no name; the page behind it decides what it shows. Retention: until `until`.
    """

    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    path = models.CharField(_("page"), max_length=300)
    until = models.DateTimeField(_("valid until"), db_index=True)

    objects = ShortLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("short link")
        verbose_name_plural = _("short links")

    def __str__(self) -> str:
        return f"{self.code_digest[:8]}…"
