"""Somebody whom a referrer sends to the centre, as she wrote her down herself, until the desk knows who it is."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking.models.referral import Referral, referable_services

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class ReferralRequestQuerySet(models.QuerySet["ReferralRequest"]):
    """Questions about what referrers sent."""

    def of_desk(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return those to services to which the reader may enter referrals at her desk."""
        return self.filter(service__in=referable_services(user, on))

    def made_by(self, user: Account | AnonymousUser) -> Self:
        """Return those that the reader sent herself."""
        person_id = getattr(user, "person_id", None)
        return self.filter(referrer=person_id) if person_id else self.none()

    def waiting(self) -> Self:
        """Return those that the desk has not answered."""
        return self.filter(refused_at__isnull=True)

    def refused_before(self, moment: datetime) -> Self:
        """Return those that were refused before a moment."""
        return self.filter(refused_at__lt=moment)


class ReferralRequest(models.Model):
    """Whom a referrer sends: a name, and whom to call. There is no field for why.

    Taking it in makes a referral of a known person and deletes this row. A refused one keeps only a given name and the
    reason, for its referrer to read.
    Purpose: a school or a court officer sends somebody without knowing whom the centre knows. Retention: until it is
    taken in, or 3 months after it was refused, then deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("booking.Service", on_delete=models.PROTECT, related_name="referral_requests")
    referrer = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="referral_requests")
    source = models.CharField(_("sent by"), max_length=14, choices=Referral.Source.choices)
    referrer_name = models.CharField(_("institution and person"), max_length=160)
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    contact_name = models.CharField(_("whom to call"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    priority = models.CharField(
        _("priority"), max_length=8, choices=Referral.Priority.choices, default=Referral.Priority.NORMAL
    )
    due_on = models.DateField(_("visit until"))
    sent_at = models.DateTimeField(pgettext_lazy("referral", "sent"))
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    refusal = models.CharField(_("why it was refused"), max_length=300, blank=True)

    objects = ReferralRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral that was sent in")
        verbose_name_plural = _("referrals that were sent in")
        ordering = ["due_on", "sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["school", "social_worker", "court_officer", "doctor", "ngo", "other"]),
                name="referral_request_comes_from_a_known_side",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=["urgent", "soon", "normal"]), name="referral_request_has_a_known_priority"
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True, refusal="")
                | Q(refused_at__isnull=False, family_name="", contact_name="", phone="", email="", birth_date=None)
                & ~Q(refusal=""),
                name="refused_referral_request_keeps_a_reason_and_no_contact",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.given_name, self.family_name]))
