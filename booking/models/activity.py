"""What a centre offers: activities that people enrol in, and services of specialists."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.modes import ByModes, some_mode

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class Sensitivity(models.TextChoices):
    """How quiet the product keeps about it.

    Sensitive: no text that leaves the system names it (art. 100(1) of the Social Assistance Act of 12 March 2004;
    professional secrecy of counsellors).
    """

    PUBLIC = "public", _("public")
    NORMAL = "normal", _("for those concerned")
    SENSITIVE = "sensitive", _("sensitive")


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Questions about activities."""

    def public(self) -> Self:
        """Those that anyone may see."""
        return self.filter(sensitivity=Sensitivity.PUBLIC)


class Activity(models.Model):
    """Something people enrol in: robotics, dance, day care, a workshop.

    Purpose: the public offer. No personal data. Retention: as long as groups refer to it.
    """

    class Kind(models.TextChoices):
        """What it is about."""

        DAY_CARE = "day_care", _("Day care")
        ROBOTICS = "robotics", _("Robotics")
        DANCE = "dance", _("Dance")
        TAEKWONDO = "taekwondo", _("Taekwondo")
        TUTORING = "tutoring", _("Tutoring")
        YOUTH_CLUB = "youth_club", _("Youth club")
        SPORT = "sport", _("Sport")
        SENIORS = "seniors", _("For seniors")
        WORKSHOP = "workshop", _("Workshop")
        COMMUNITY = "community", _("Community meeting")
        TRIP = "trip", _("Trip")
        EVENT = "event", _("Event")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("booking.Centre", on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    provider = models.CharField(_("run by"), max_length=200, blank=True)
    sensitivity = models.CharField(
        _("confidentiality"), max_length=10, choices=Sensitivity.choices, default=Sensitivity.PUBLIC
    )
    # Of day care this holds whatever stands here: the limit of children for an educator counts in its meetings.
    needs_educator = models.BooleanField(_("children stay in the care of the day-care facility"), default=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "day_care",
                        "robotics",
                        "dance",
                        "taekwondo",
                        "tutoring",
                        "youth_club",
                        "sport",
                        "seniors",
                        "workshop",
                        "community",
                        "trip",
                        "event",
                    ]
                ),
                name="activity_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(sensitivity__in=Sensitivity.values), name="activity_has_a_known_confidentiality"
            ),
        ]  # fmt: skip  the list of kinds reads better packed

    def __str__(self) -> str:
        return self.name


class ServiceQuerySet(models.QuerySet["Service"]):
    """Questions about services."""

    def listed(self) -> Self:
        """Those in the public catalogue: what exists is no secret, who uses it is."""
        return self.filter(listed=True)

    def bookable(self) -> Self:
        """Those in the public catalogue that families book by themselves."""
        return self.filter(listed=True, online=True, entry=Service.Entry.APPOINTMENT)

    def booked_at_desk_of(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return those that `user` books for people at her desk: sensitive ones only if she is trusted with them."""
        from booking.models.centre import Centre  # noqa: PLC0415  the models need each other
        from booking.models.staff import Role, StaffRole  # noqa: PLC0415  as above

        trusted = StaffRole.objects.held_by(user, on).filter(role=Role.CONFIDANT).values("member__centre")
        open_to_desk = ~models.Q(sensitivity=Sensitivity.SENSITIVE) | models.Q(centre__in=trusted)
        return self.filter(open_to_desk, centre__in=Centre.objects.with_desk_of(user, on))


class Service(ByModes, models.Model):
    """Something a specialist does for one person or family by appointment, or without one.

    All lengths are minutes of the clock. Visits follow each other every `minutes` + `pause_minutes` ("50+10") from the
    start of a window, or every `step_minutes`. The time before and after a visit belongs to it: nothing else may lie
    there. A visit at home takes the way there and back on top.
    Purpose: the public offer of specialists. No personal data. Retention: as long as visits refer to it.
    """

    class Entry(models.TextChoices):
        """How one gets it."""

        APPOINTMENT = "appointment", _("by appointment")
        WALK_IN = "walk_in", _("without an appointment")
        ON_REQUEST = "on_request", _("on request")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("booking.Centre", on_delete=models.PROTECT, related_name="services")
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    entry = models.CharField(_("how to use it"), max_length=12, choices=Entry.choices, default=Entry.APPOINTMENT)
    sensitivity = models.CharField(
        _("confidentiality"), max_length=10, choices=Sensitivity.choices, default=Sensitivity.NORMAL
    )
    minutes = models.PositiveSmallIntegerField(_("minutes of a visit"), default=60)
    pause_minutes = models.PositiveSmallIntegerField(_("minutes between visits"), default=0)
    step_minutes = models.PositiveSmallIntegerField(
        _("minutes from one possible start to the next"), null=True, blank=True
    )
    before_minutes = models.PositiveSmallIntegerField(_("minutes to prepare before a visit"), default=0)
    after_minutes = models.PositiveSmallIntegerField(_("minutes to finish after a visit"), default=0)
    travel_minutes = models.PositiveSmallIntegerField(_("minutes on the way to a visit at home"), default=0)
    notice_hours = models.PositiveSmallIntegerField(_("hours before a visit until which families book"), default=2)
    horizon_days = models.PositiveSmallIntegerField(_("days ahead that families can book"), default=60)
    online = models.BooleanField(_("families book it themselves"), default=True)
    listed = models.BooleanField(_("in the public catalogue"), default=True)
    series = models.ManyToManyField("scheduler.Series", blank=True, related_name="services")
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sensitivity__in=Sensitivity.values), name="service_has_a_known_confidentiality"
            ),
            models.CheckConstraint(
                condition=models.Q(entry__in=["appointment", "walk_in", "on_request"]),
                name="service_is_entered_in_a_known_way",
            ),
            models.CheckConstraint(condition=models.Q(minutes__gte=5), name="visit_of_a_service_takes_time"),
            models.CheckConstraint(
                condition=models.Q(step_minutes__isnull=True) | models.Q(step_minutes__gte=5),
                name="visits_of_a_service_start_one_after_another",
            ),
            models.CheckConstraint(condition=some_mode(), name="service_is_given_in_some_way"),
        ]

    def __str__(self) -> str:
        return self.name
