"""One line of the timetable: what repeats, where, who leads it; its pattern is a django-scheduler event."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class Recurrence(models.TextChoices):
    """The closed set of patterns that people here use; each is one seeded `schedule.Rule` (ONCE has none)."""

    ONCE = "once", _("once")
    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every second week")
    FIRST_IN_MONTH = "first_in_month", _("the first such day of the month")
    SECOND_FOURTH_IN_MONTH = "second_fourth_in_month", _("the second and fourth such day of the month")
    FIRST_THIRD_IN_MONTH = "first_third_in_month", _("the first and third such day of the month")


class SeriesQuerySet(models.QuerySet["Series"]):
    """Questions about series."""

    def with_pattern(self) -> Self:
        """Load all that recurrence and publishing read, in one query more for the extra resources."""
        return self.select_related("event__rule", "timetable", "room", "leader").prefetch_related("resources")

    def public(self) -> Self:
        """Only what anyone may see."""
        return self.filter(audience=Series.Audience.PUBLIC)


class Series(models.Model):
    """One line of the timetable. The pattern lives in `event`; the dated facts are its sessions.

    Purpose: to plan what repeats. Holds no personal data beyond the leader's name. Retention: as the timetable.
    """

    class Kind(models.TextChoices):
        """Whether people meet, or somebody is on duty and visits are booked inside."""

        MEETING = "meeting", _("Meeting")
        DUTY = "duty", _("Duty hours")

    class Audience(models.TextChoices):
        """Who may see that it takes place."""

        PUBLIC = "public", _("Everyone")
        PARTICIPANTS = "participants", _("Participants and staff")
        STAFF = "staff", _("Staff")

    class OnBreaks(models.TextChoices):
        """What happens while schools rest."""

        REST = "rest", _("rests during school breaks")
        RUN = "run", _("runs during school breaks too")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    timetable = models.ForeignKey("scheduler.Timetable", on_delete=models.PROTECT, related_name="series")
    term = models.ForeignKey("scheduler.Term", on_delete=models.PROTECT, related_name="series")
    event = models.OneToOneField("schedule.Event", on_delete=models.PROTECT, related_name="series")
    # Deleting a Rule silently turns an Event into one date; this key forbids it.
    rule = models.ForeignKey("schedule.Rule", on_delete=models.PROTECT, null=True, blank=True, related_name="series")
    recurrence = models.CharField(_("repeats"), max_length=24, choices=Recurrence.choices)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MEETING)
    audience = models.CharField(_("who may see it"), max_length=12, choices=Audience.choices, default=Audience.STAFF)
    on_breaks = models.CharField(_("school breaks"), max_length=4, choices=OnBreaks.choices, default=OnBreaks.REST)
    room = models.ForeignKey(
        "scheduler.Resource", on_delete=models.PROTECT, null=True, blank=True, related_name="series_here"
    )
    leader = models.ForeignKey(
        "scheduler.Resource", on_delete=models.PROTECT, null=True, blank=True, related_name="series_led"
    )
    resources = models.ManyToManyField("scheduler.Resource", blank=True, related_name="series_helped")
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recurrence__in=Recurrence.values), name="series_repeats_by_a_known_rule"
            ),
            models.CheckConstraint(
                condition=models.Q(recurrence="once", rule__isnull=True)
                | (~models.Q(recurrence="once") & models.Q(rule__isnull=False)),
                name="series_that_repeats_has_a_rule",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["meeting", "duty"]), name="series_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=models.Q(audience__in=["public", "participants", "staff"]),
                name="series_has_a_known_audience",
            ),
            models.CheckConstraint(condition=models.Q(on_breaks__in=["rest", "run"]), name="series_knows_its_breaks"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def first_start(self) -> datetime:
        """The first planned start on the timetable's wall clock."""
        start: datetime = self.event.start
        return start.astimezone(self.timetable.tz)

    @property
    def starts_on(self) -> date:
        """The first planned day."""
        return self.first_start.date()

    @property
    def weekday(self) -> int:
        """The day of the week, Monday is 0."""
        return self.first_start.weekday()

    @property
    def starts(self) -> time:
        """The hour it starts at, on the wall clock."""
        return self.first_start.time()

    @property
    def ends(self) -> time:
        """The hour it ends at, on the wall clock."""
        end: datetime = self.event.end
        return end.astimezone(self.timetable.tz).time()
