"""One request, one effect: the answer that was given to a key, kept with the effect itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """The answer to a write that carried an `Idempotency-Key`.

    Purpose: a repeated request gets the first answer. Holds the answer. Retention: 48 hours.
    """

    account = models.ForeignKey("booking.Account", on_delete=models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(_("fingerprint of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status answered"))
    answer = models.JSONField(_("answer"))
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="idempotency_key_is_used_once_by_an_account"),
        ]

    def __str__(self) -> str:
        return self.key
