"""What the centre asks agreement for, in which words, and who agreed to it."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

LANGUAGES = ("pl", "en", "uk")


class ConsentPurpose(models.Model):
    """One thing that a centre asks agreement for, and where: in these activities, groups and services, nowhere else.

    Purpose: consent is asked only where something needs it. No personal data. Retention: as its texts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("booking.Centre", on_delete=models.PROTECT, related_name="consent_purposes")
    name = models.CharField(_("name"), max_length=120)
    all_guardians = models.BooleanField(_("every guardian with the right must agree"), default=False)
    activities = models.ManyToManyField("booking.Activity", blank=True, related_name="consent_purposes")
    groups = models.ManyToManyField("booking.Group", blank=True, related_name="consent_purposes")
    services = models.ManyToManyField("booking.Service", blank=True, related_name="consent_purposes")

    class Meta:
        verbose_name = _("purpose of consent")
        verbose_name_plural = _("purposes of consent")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "name"], name="purpose_of_consent_is_named_once_in_a_centre"),
        ]

    def __str__(self) -> str:
        return self.name


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    """Questions about texts."""

    def in_force(self, on: date) -> Self:
        """Those that hold or have held on that day, the newest first."""
        return self.filter(valid_from__lte=on).order_by("purpose", "-version")


class ConsentText(models.Model):
    """The words of one consent in three languages. A text somebody agreed to is never edited: a new version is added.

    Purpose: to prove what was agreed to. No personal data. Retention: as the consents that rest on it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.ForeignKey(ConsentPurpose, on_delete=models.PROTECT, related_name="texts")
    version = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("from"))
    asks_anew = models.BooleanField(_("those who agreed to an earlier version are asked again"), default=True)
    body = models.TextField(_("text"))

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a consent")
        verbose_name_plural = _("texts of consents")
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="version_of_a_consent_is_numbered_once"),
            models.UniqueConstraint(fields=["purpose", "valid_from"], name="one_text_of_a_consent_begins_on_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.version})"

    @property
    def bodies(self) -> dict[str, str]:
        """The text by language; a language without a text is left out."""
        texts = {language: getattr(self, f"body_{language}") or "" for language in LANGUAGES}
        return {language: text for language, text in texts.items() if text}

    @property
    def digest(self) -> str:
        """The SHA-256 of the words in all languages: kept with each consent as the proof of what was read."""
        words = json.dumps([str(self.purpose_id), self.version, self.bodies], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Questions about consents."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Consents about the people `user` may see."""
        return self.filter(child__in=Person.objects.visible_to(user, on))

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """That one guardian agreed for one child, or somebody for herself. Withdrawn, it stays as a row.

    `text_digest` and `language` say which words were read, `recorded_by` which account wrote it down; on paper, who
    signed when and where the paper lies. Purpose: to prove the agreement (art. 7(1) GDPR). Retention: 5 years after the
    last service, withdrawn ones too.
    """

    class Way(models.TextChoices):
        """How it was given."""

        PAGE = "page", _("on the page")
        PAPER = "paper", _("on paper")

    PLACE_LENGTH: ClassVar[int] = 120

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey("booking.Person", on_delete=models.PROTECT, related_name="consents")
    purpose = models.ForeignKey(ConsentPurpose, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    text_digest = models.CharField(max_length=64)
    language = models.CharField(_("read in"), max_length=2)
    given_by = models.ForeignKey("booking.Person", on_delete=models.PROTECT, related_name="consents_given")
    way = models.CharField(_("given"), max_length=5, choices=Way.choices)
    given_on = models.DateField(_("on"))
    paper_place = models.CharField(_("the paper lies in"), max_length=PLACE_LENGTH, blank=True)
    recorded_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="consents_recorded"
    )
    recorded_at = models.DateTimeField(_("recorded"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="consents_withdrawn"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "text", "given_by"],
                condition=Q(withdrawn_at__isnull=True),
                name="guardian_agrees_to_a_text_once",
            ),
            models.CheckConstraint(condition=Q(way__in=["page", "paper"]), name="consent_was_given_in_a_known_way"),
            models.CheckConstraint(
                condition=~Q(way="paper") | ~Q(paper_place=""), name="consent_on_paper_says_where_the_paper_lies"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["pl", "en", "uk"]), name="consent_was_read_in_a_known_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child}: {self.purpose}"


class ConsentHoldQuerySet(models.QuerySet["ConsentHold"]):
    """Questions about places held for consents."""

    def open(self) -> Self:
        """Those that still wait for a consent."""
        return self.filter(settled_at__isnull=True, enrolment__status="pending")


class ConsentHold(models.Model):
    """A place held while consents are missing: until when, and what it becomes once they are given.

    Purpose: nobody loses a place to a form. Retention: as the enrolment.
    """

    enrolment = models.OneToOneField("booking.Enrolment", on_delete=models.CASCADE, related_name="consent_hold")
    becomes = models.CharField(_("then"), max_length=10)
    until = models.DateTimeField(_("held until"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = ConsentHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("place held for consents")
        verbose_name_plural = _("places held for consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(becomes__in=["enrolled", "pending"]), name="held_place_becomes_enrolled_or_pending"
            ),
        ]

    def __str__(self) -> str:
        return str(self.enrolment)
