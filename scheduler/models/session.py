"""One dated meeting of a series, and the resources it holds: the fact that pages, feeds and diaries read."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduler.models.closure import Closure
from scheduler.models.timetable_row import ROW_COLUMNS, TimetableRow, timetable_rows
from scheduler.period import Period

# A whole day, also the one on which the clocks go back. What lasts longer is one session a day.
LONGEST_SESSION = timedelta(hours=25)


class SessionQuerySet(models.QuerySet["Session"]):
    """Questions about sessions."""

    def within(self, period: Period) -> Self:
        """Sessions that share a moment with `period`; as none is longer than a day, no years of history are read."""
        earliest = period.start - LONGEST_SESSION
        return self.filter(starts_at__gt=earliest, starts_at__lt=period.end, ends_at__gt=period.start)

    def of_timetable(self, timetable_id: uuid.UUID) -> Self:
        """Sessions of one timetable."""
        return self.filter(timetable_id=timetable_id)

    def public(self) -> Self:
        """Sessions that anyone may see."""
        return self.filter(series__audience="public")

    def standing(self) -> Self:
        """Sessions that take place."""
        return self.exclude(status=Session.Status.CANCELLED)

    def on_open_days(self) -> Self:
        """Sessions on days closed neither for all nor for their place, and those changed knowingly on a closed one."""
        closed = Closure.objects.filter(
            models.Q(place__isnull=True) | models.Q(place__rooms=models.OuterRef("room")),
            timetable=models.OuterRef("timetable"),
            starts_on__lte=models.OuterRef("planned_date"),
            ends_on__gte=models.OuterRef("planned_date"),
        )
        return self.filter(models.Q(changed_by_hand=True) | ~models.Exists(closed))

    def led_by(self, *resources: uuid.UUID) -> Self:
        """Sessions that any of these specialists leads or helps in; cancelled ones too, though they hold nobody."""
        helped = models.Q(series__resources__in=resources) | models.Q(reservations__resource__in=resources)
        return self.filter(pk__in=self.model.objects.filter(models.Q(leader__in=resources) | helped).values("pk"))

    def rows(self) -> list[TimetableRow]:
        """Return the sessions in order of time as timetable rows, in one query; times are in UTC."""
        return timetable_rows(self.order_by("starts_at", "series__title", "id").values_list(*ROW_COLUMNS))


class Session(models.Model):
    """One dated meeting. Its identity never changes: the id is the calendar UID, `sequence` grows with each change.

    Purpose: to say what really happens and when. Holds no participants. Retention: 5 years after the date, for
    project reports; then deleted with the term.
    """

    class Status(models.TextChoices):
        """What became of the plan."""

        SCHEDULED = "scheduled", _("scheduled")
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    timetable = models.ForeignKey("scheduler.Timetable", on_delete=models.PROTECT, related_name="sessions")
    series = models.ForeignKey("scheduler.Series", on_delete=models.PROTECT, related_name="sessions")
    planned_date = models.DateField(_("planned day"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.SCHEDULED)
    room = models.ForeignKey(
        "scheduler.Resource", on_delete=models.PROTECT, null=True, blank=True, related_name="sessions_here"
    )
    leader = models.ForeignKey(
        "scheduler.Resource", on_delete=models.PROTECT, null=True, blank=True, related_name="sessions_led"
    )
    note = models.CharField(_("note for families"), max_length=300, blank=True)
    # Why it takes place on a day of rest; nothing is planned on one without a reason.
    forced_reason = models.CharField(_("why on a day of rest"), max_length=300, blank=True)
    # True once a person changed this one date: publishing the series again leaves it alone.
    changed_by_hand = models.BooleanField(_("changed on its own"), default=False)
    sequence = models.PositiveIntegerField(_("revision"), default=0)
    changed_at = models.DateTimeField(_("changed"))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at"]
        indexes = [
            models.Index(fields=["timetable", "starts_at"], name="session_by_timetable_and_start"),
            models.Index(fields=["leader", "starts_at"], name="session_by_leader_and_start"),
            models.Index(fields=["series", "starts_at"], name="session_by_series_and_start"),
            models.Index(fields=["changed_at"], name="session_by_change"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "planned_date"], name="session_of_a_series_and_day_exists_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__lte=models.F("starts_at") + LONGEST_SESSION),
                name="session_lasts_a_day_at_most",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["scheduled", "moved", "cancelled"]), name="session_has_a_known_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.planned_date}"

    @property
    def period(self) -> Period:
        """When it takes place."""
        return Period(self.starts_at, self.ends_at)

    @property
    def local_date(self) -> date:
        """The day it takes place, on the timetable's wall clock."""
        return self.starts_at.astimezone(self.timetable.tz).date()

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.status == self.Status.CANCELLED


class Reservation(models.Model):
    """One unit of a resource taken for a period, by a session or by a visit that booking knows.

    Two of one unit never overlap, except a visit inside duty hours: duty is the time in which visits are received. The
    database itself forbids the rest (migration 0006).
    Purpose: the net under every booking. No personal data. Retention: deleted with what holds it.
    """

    class Kind(models.TextChoices):
        """What takes the resource."""

        MEETING = "meeting", _("Meeting")
        DUTY = "duty", _("Duty hours")
        VISIT = "visit", _("Visit")

    resource = models.ForeignKey("scheduler.Resource", on_delete=models.PROTECT, related_name="reservations")
    unit = models.PositiveSmallIntegerField(_("unit"), default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MEETING)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, blank=True, related_name="reservations")
    visit = models.UUIDField(_("visit"), null=True, blank=True, db_index=True)  # visits are booking's rows, no key here

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        indexes = [models.Index(fields=["resource", "starts_at", "ends_at"], name="reservation_by_resource")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="reservation_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["meeting", "duty"], session__isnull=False, visit__isnull=True)
                | models.Q(kind="visit", session__isnull=True, visit__isnull=False),
                name="reservation_is_held_by_a_session_or_by_a_visit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.starts_at:%Y-%m-%d %H:%M}"
