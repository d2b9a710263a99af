"""Whether and to which number somebody lets SMS be sent: what she said, and when."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class SmsConsent(models.Model):
    """One answer of one person: SMS to this number, or none any more. Rows are added; the last one holds.

    `Person.sms_phone` repeats the last answer, so that whoever is told is known without asking here.
    Purpose: to send SMS to those who allow it, and to prove it. Retention: as the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="sms_consents")
    phone = models.CharField(_("number for SMS"), max_length=16, blank=True)
    by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("consent to SMS")
        verbose_name_plural = _("consents to SMS")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person}: {self.phone or '–'}, {self.at:%Y-%m-%d}"
