"""That somebody sent a person to the centre: who, how urgently, until when, and what came of it."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking.models.activity import Sensitivity, Service
from booking.models.appointment import ATTENDED, COMING
from booking.models.centre import Centre
from booking.models.person import Person
from booking.models.staff import Role, StaffRole

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

SIGNER = Signer(salt="booking.referral", sep=".")
KEY_BYTES = 16
LINK_NUMBERS = 256  # as one byte tells apart: each time links are taken back, the next one is meant


@dataclass(frozen=True, slots=True)
class ReferralSecret:
    """What a link says: the referral, the reader it was sent to, and which of its links it is."""

    referral_id: uuid.UUID
    reader_id: uuid.UUID
    number: int


def read_referral_secret(secret: str) -> ReferralSecret | None:
    """Return what a link was made for, or None for a link that nobody was given."""
    try:
        text = SIGNER.unsign(secret)
        both = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (BadSignature, binascii.Error, ValueError):
        return None
    if len(both) not in {2 * KEY_BYTES, 2 * KEY_BYTES + 1}:
        return None
    number = int.from_bytes(both[2 * KEY_BYTES :], "big")  # the first links of a referral name none
    return ReferralSecret(uuid.UUID(bytes=both[:KEY_BYTES]), uuid.UUID(bytes=both[KEY_BYTES : 2 * KEY_BYTES]), number)


def referable_services(user: Account | AnonymousUser, on: date) -> models.QuerySet[Service]:
    """Return the services to which somebody at a desk may enter and see referrals."""
    trusted = StaffRole.objects.held_by(user, on).filter(role__in=[Role.COORDINATOR, Role.CONFIDANT])
    return Service.objects.filter(
        ~Q(sensitivity=Sensitivity.SENSITIVE) | Q(centre__in=trusted.values("member__centre_id")),
        centre__in=Centre.objects.with_desk_of(user, on),
    )


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Questions about referrals."""

    def of_desk(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return those of the centres at whose desk the reader works, about people she may see.

        Those to sensitive services only in the hands of a coordinator, or of somebody who is trusted with such visits.
        """
        desks = Centre.objects.with_desk_of(user, on)
        return self.filter(
            Q(service__in=referable_services(user, on)),
            service__centre__in=desks,
            person__in=Person.objects.of_desk(user, on),
        )

    def made_by(self, user: Account | AnonymousUser) -> Self:
        """Return those that the reader made: of them she learns how they stand, and nothing else."""
        person_id = getattr(user, "person_id", None)
        return self.filter(referrer=person_id) if person_id else self.none()

    def open(self) -> Self:
        """Return those that are not settled."""
        return self.filter(ended_at__isnull=True)

    def unbooked(self) -> Self:
        """Return the open ones without a visit that takes place or took place."""
        return self.open().exclude(appointment__status__in=(*COMING, *ATTENDED))

    def by_deadline(self) -> Self:
        """Put first what is due first, the urgent before others of the same day."""
        rank = models.Case(models.When(priority="urgent", then=0), models.When(priority="soon", then=1), default=2)
        return self.order_by("due_on", rank, "made_at")

    def ended_before(self, moment: datetime) -> Self:
        """Return those that were settled before a moment."""
        return self.filter(ended_at__lt=moment)


class Referral(models.Model):
    """A person sent by a school, a court officer, a doctor … There is no field for why: that stays in their papers.

    Purpose: who was sent is invited in time. Retention: 12 months after it was settled, then deleted.
    """

    class Source(models.TextChoices):
        """Who sends."""

        SCHOOL = "school", _("school")
        SOCIAL_WORKER = "social_worker", _("social worker")
        COURT_OFFICER = "court_officer", _("court officer")
        DOCTOR = "doctor", _("doctor")
        NGO = "ngo", _("non-governmental organisation")
        OTHER = "other", pgettext_lazy("referral", "somebody else")

    class Priority(models.TextChoices):
        """How urgent it is."""

        URGENT = "urgent", pgettext_lazy("referral", "urgent")
        SOON = "soon", pgettext_lazy("referral", "soon")
        NORMAL = "normal", pgettext_lazy("referral", "normal")

    class Outcome(models.TextChoices):
        """How it was settled."""

        CAME = "came", pgettext_lazy("referral", "came")
        DECLINED = "declined", pgettext_lazy("referral", "does not want to")
        UNREACHED = "unreached", pgettext_lazy("referral", "could not be reached")
        UNNEEDED = "unneeded", pgettext_lazy("referral", "no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("booking.Service", on_delete=models.PROTECT, related_name="referrals")
    person = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="referrals")
    source = models.CharField(_("sent by"), max_length=14, choices=Source.choices)
    referrer = models.ForeignKey(
        "booking.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals_made"
    )
    referrer_name = models.CharField(_("institution and person"), max_length=160)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    due_on = models.DateField(_("visit until"))
    made_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals_entered"
    )
    made_at = models.DateTimeField(_("entered"))
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)
    link_until = models.DateField(_("the link opens until"), null=True, blank=True)
    link_number = models.PositiveSmallIntegerField(_("number of the link"), default=0)
    appointment = models.ForeignKey(
        "booking.Appointment", on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals"
    )
    ended_at = models.DateTimeField(_("settled"), null=True, blank=True)
    outcome = models.CharField(_("how it was settled"), max_length=10, choices=Outcome.choices, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["due_on"]
        indexes = [models.Index(fields=["ended_at", "due_on"], name="referral_by_deadline")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "service"],
                condition=Q(ended_at__isnull=True),
                name="person_has_one_open_referral_to_a_service",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["school", "social_worker", "court_officer", "doctor", "ngo", "other"]),
                name="referral_comes_from_a_known_side",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=["urgent", "soon", "normal"]), name="referral_has_a_known_priority"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True)
                | Q(outcome__in=["came", "declined", "unreached", "unneeded"], ended_at__isnull=False),
                name="referral_that_is_settled_says_how",
            ),
            models.CheckConstraint(
                condition=Q(link_number__lt=LINK_NUMBERS), name="number_of_a_referral_link_fits_into_it"
            ),
            models.CheckConstraint(
                condition=Q(invited_at__isnull=True) | Q(invited_at__gte=F("made_at")),
                name="referral_is_entered_before_the_invitation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.service}"

    def secret_for(self, reader_id: uuid.UUID) -> str:
        """Return the part of the link that only this reader is sent: signed, so that it need not be stored."""
        number = bytes([self.link_number]) if self.link_number else b""
        return SIGNER.sign(base64.urlsafe_b64encode(self.pk.bytes + reader_id.bytes + number).decode().rstrip("="))

    def is_link_open(self, today: date) -> bool:
        """Whether a link that was sent still opens: until its day, and not after it was taken back."""
        return self.link_until is not None and today <= self.link_until

    @property
    def is_booked(self) -> bool:
        """Whether there is a visit that takes place or took place."""
        visit = self.appointment
        return visit is not None and visit.status in (*COMING, *ATTENDED)

    def is_overdue(self, today: date) -> bool:
        """Whether the deadline has passed without a visit."""
        return self.ended_at is None and not self.is_booked and self.due_on < today
