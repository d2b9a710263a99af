"""Days on which a timetable rests: a centre's own days and the school breaks of each voivodeship."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Voivodeship(models.TextChoices):
    """The sixteen voivodeships, by the codes of ISO 3166-2:PL."""

    DOLNOSLASKIE = "02", "dolnośląskie"
    KUJAWSKO_POMORSKIE = "04", "kujawsko-pomorskie"
    LUBELSKIE = "06", "lubelskie"
    LUBUSKIE = "08", "lubuskie"
    LODZKIE = "10", "łódzkie"
    MALOPOLSKIE = "12", "małopolskie"
    MAZOWIECKIE = "14", "mazowieckie"
    OPOLSKIE = "16", "opolskie"
    PODKARPACKIE = "18", "podkarpackie"
    PODLASKIE = "20", "podlaskie"
    POMORSKIE = "22", "pomorskie"
    SLASKIE = "24", "śląskie"
    SWIETOKRZYSKIE = "26", "świętokrzyskie"
    WARMINSKO_MAZURSKIE = "28", "warmińsko-mazurskie"
    WIELKOPOLSKIE = "30", "wielkopolskie"
    ZACHODNIOPOMORSKIE = "32", "zachodniopomorskie"


class SchoolBreak(models.Model):
    """A break of schools, for one voivodeship or (blank) for the whole country.

    Purpose: to let series rest while schools do. Public facts with their source. Retention: unlimited.
    """

    class Kind(models.TextChoices):
        """Which break it is."""

        WINTER = "winter", _("Winter break")
        CHRISTMAS = "christmas", _("Christmas break")
        EASTER = "easter", _("Easter break")
        SUMMER = "summer", _("Summer holidays")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    voivodeship = models.CharField(_("voivodeship"), max_length=2, choices=Voivodeship.choices, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("school break")
        verbose_name_plural = _("school breaks")
        ordering = ["starts_on", "voivodeship"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="school_break_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["winter", "christmas", "easter", "summer"]),
                name="school_break_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(voivodeship__in=["", *Voivodeship.values]),
                name="school_break_lies_in_a_known_voivodeship",
            ),
            models.UniqueConstraint(fields=["kind", "voivodeship", "starts_on"], name="school_break_is_listed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on} – {self.ends_on}"


class Closure(models.Model):
    """Days on which a timetable's owner closes for its own reasons, or one of its places is closed.

    Purpose: to keep sessions off days when nobody works. Holds no personal data. Retention: as long as the timetable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    timetable = models.ForeignKey("scheduler.Timetable", on_delete=models.CASCADE, related_name="closures")
    place = models.ForeignKey(
        "scheduler.Place",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="closures",
        verbose_name=_("only this place"),
    )
    name = models.CharField(_("reason"), max_length=200)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="closure_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name
