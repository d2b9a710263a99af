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
    LAST_IN_MONTH = "last_in_month", _("the last such day of the month")
    MONTHLY_BY_DATE = "monthly_by_date", _("every month on the same date")
    YEARLY = "yearly", _("every year on the same date")
    EASTER = "easter", _("every year, as many days from Easter")


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class SeriesQuerySet(models.QuerySet["Series"]):
    """Questions about series."""

    def with_pattern(self) -> Self:
        """Load all that recurrence and publishing read, in one query more for the extra resources."""
        return self.select_related("event__rule", "timetable", "room__place", "leader").prefetch_related("resources")

    def public(self) -> Self:
        """Only what anyone may see."""
        return self.published().filter(audience=Series.Audience.PUBLIC)

    def published(self) -> Self:
        """Only what stands in the timetable; drafts and revisions are seen by those who plan and by nobody else."""
        return self.filter(published_at__isnull=False)

    def shown(self) -> Self:
        """Load published series with what a page says about them: when, where and who leads."""
        return self.published().select_related("event", "timetable", "room__place", "leader")

    def drafts(self) -> Self:
        """Only what was never published: new lines, and revisions of published ones."""
        return self.filter(published_at__isnull=True)

    def lines(self) -> Self:
        """Leave revisions out: each line of the timetable once."""
        return self.filter(replaces__isnull=True)


class Series(models.Model):
    """One line of the timetable. The pattern lives in `event`; the dated facts are its sessions.

    An edit of a published line is a row of its own that `replaces` it, its revision, which nobody but planners sees;
    publishing takes the facts over and the revision goes. `discontinued` takes all coming dates back. A line that is
    split from a day on is two: a new one that `continues` it, and its own revision that ends before that day.
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
    # As "MO,WE", where somebody chose the weekdays; otherwise it is the weekday of the first day.
    on_weekdays = models.CharField(_("weekdays"), max_length=20, blank=True, editable=False)
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
    # How many units it takes of equipment, as {"<id of the resource>": 6}; one of what is not named here.
    units_taken = models.JSONField(_("units of equipment"), default=dict, blank=True, editable=False)
    # The days of rest on which it meets all the same, as {"2027-05-03": "why"}.
    forced_days = models.JSONField(_("days of rest on which it meets"), default=dict, blank=True, editable=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="revision"
    )
    # Of a line that was split: the one whose dates it takes over from its first day on.
    continues = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="continued_by"
    )
    discontinued = models.BooleanField(_("ends"), default=False, editable=False)
    # What the ids of its dates are made from, instead of its own id: a line that was split hands its dates on.
    identity = models.UUIDField(null=True, blank=True, editable=False)
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
            models.CheckConstraint(
                condition=models.Q(replaces__isnull=True) | models.Q(published_at__isnull=True),
                name="revision_of_a_series_is_never_published_itself",
            ),
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
    def weekdays(self) -> list[int]:
        """The days of the week it meets on, in order, Monday is 0."""
        return [WEEKDAYS.index(name) for name in self.on_weekdays.split(",")] if self.on_weekdays else [self.weekday]

    @property
    def last_on(self) -> date:
        """The last day it may be planned on."""
        until: datetime | None = self.event.end_recurring_period
        return until.astimezone(self.timetable.tz).date() if until and self.rule_id else self.starts_on

    @property
    def root(self) -> uuid.UUID:
        """What the ids of its dates are made from."""
        return self.identity or self.pk

    @property
    def starts(self) -> time:
        """The hour it starts at, on the wall clock."""
        return self.first_start.time()

    @property
    def ends(self) -> time:
        """The hour it ends at, on the wall clock."""
        end: datetime = self.event.end
        return end.astimezone(self.timetable.tz).time()
