"""When a member of staff is away, and which of her dates nobody has taken over yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scheduler.period import Period

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class TimeOffQuerySet(models.QuerySet["TimeOff"]):
    """Questions about time off."""

    def standing(self) -> Self:
        """Return what was not taken back."""
        return self.filter(cancelled_at__isnull=True)

    def within(self, period: Period) -> Self:
        """Return what shares a moment with `period`."""
        return self.filter(starts_at__lt=period.end, ends_at__gt=period.start)

    def of_resources(self, resource_ids: Iterable[uuid.UUID]) -> Self:
        """Return that of the people whom a timetable knows as these resources."""
        return self.filter(member__resource__in=list(resource_ids))

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the reader's own, and that of the staff of the centres whose timetable she plans on that day."""
        from booking.models.centre import Centre  # noqa: PLC0415  the models need each other

        person_id = getattr(user, "person_id", None)
        if person_id is None:
            return self.none()
        planned = Centre.objects.planned_by(user, on).values("pk")
        return self.filter(Q(member__person=person_id) | Q(member__centre__in=planned))


class TimeOff(models.Model):
    """A stretch of time in which somebody does not work: entered once, read by everything that plans her.

    Purpose: to replace, move or cancel what she would have led. The reason is one word, never a diagnosis.
    Retention: 2 years after its end, then deleted.
    """

    class Kind(models.TextChoices):
        """Why, in one word."""

        ILLNESS = "illness", _("illness")
        LEAVE = "leave", _("leave")
        TRAINING = "training", _("training")
        OTHER = "other", _("another reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey("booking.StaffMember", on_delete=models.CASCADE, related_name="time_off")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    kind = models.CharField(_("reason"), max_length=10, choices=Kind.choices)
    note = models.CharField(_("note for the organiser"), max_length=200, blank=True)
    entered_by = models.ForeignKey("booking.Account", on_delete=models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered"))
    cancelled_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"))

    objects = TimeOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("time off")
        verbose_name_plural = _("time off")
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["member", "starts_at"], name="time_off_by_member_and_start")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="time_off_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(kind__in=["illness", "leave", "training", "other"]), name="time_off_has_a_known_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.starts_at:%Y-%m-%d}"

    @property
    def period(self) -> Period:
        """From when until when."""
        return Period(self.starts_at, self.ends_at)


class CoverTaskQuerySet(models.QuerySet["CoverTask"]):
    """Questions about what absences left open."""

    def unsettled(self) -> Self:
        """Return what somebody still has to settle."""
        return self.filter(settled_at__isnull=True)

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return those of the centres whose timetable the reader plans on that day."""
        from booking.models.centre import Centre  # noqa: PLC0415  the models need each other

        return self.filter(time_off__member__centre__in=Centre.objects.planned_by(user, on).values("pk"))


class CoverTask(models.Model):
    """One date, or one visit, that an absence left without its person, until somebody settles it; it has an owner.

    Purpose: nothing that could not be placed is forgotten. Retention: as the time off.
    """

    class Outcome(models.TextChoices):
        """How it was settled."""

        SUBSTITUTED = "substituted", _("somebody else takes it")
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("cancelled")
        UNCHANGED = "unchanged", _("stays as it is")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    time_off = models.ForeignKey(TimeOff, on_delete=models.CASCADE, related_name="tasks")
    session = models.ForeignKey(
        "scheduler.Session", on_delete=models.CASCADE, null=True, blank=True, related_name="cover_tasks"
    )
    visit = models.ForeignKey(
        "booking.Appointment", on_delete=models.CASCADE, null=True, blank=True, related_name="cover_tasks"
    )
    owner = models.ForeignKey(
        "booking.StaffMember", on_delete=models.SET_NULL, null=True, related_name="cover_tasks", verbose_name=_("owner")
    )
    opened_at = models.DateTimeField(_("opened"))
    outcome = models.CharField(_("settled as"), max_length=12, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey("booking.Account", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = CoverTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("date without its person")
        verbose_name_plural = _("dates without their person")
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["time_off", "session"], name="date_without_its_person_is_listed_once"),
            models.UniqueConstraint(fields=["time_off", "visit"], name="visit_without_its_person_is_listed_once"),
            models.CheckConstraint(
                condition=Q(session__isnull=False, visit__isnull=True) | Q(session__isnull=True, visit__isnull=False),
                name="what_is_without_its_person_is_a_date_or_a_visit",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True)
                | Q(outcome__in=["substituted", "moved", "cancelled", "unchanged"], settled_at__isnull=False),
                name="date_without_its_person_is_settled_in_a_known_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session or self.visit}"

    @property
    def starts_at(self) -> datetime:
        """When what it is about begins."""
        subject = self.session or self.visit
        assert subject is not None  # noqa: S101  it is about one of the two, the database says so
        return subject.starts_at

    @property
    def ends_at(self) -> datetime:
        """When what it is about ends."""
        subject = self.session or self.visit
        assert subject is not None  # noqa: S101  as above
        return subject.ends_at
