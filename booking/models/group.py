"""An offer with a capacity and dates: what a child is enrolled in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scheduler.models import Series
from scheduler.models.prepared import PreparedQuery

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

ASKED_FOR = ("open", "approval")  # ways of entry that stand open to every family
FEW_PLACES = 2  # from how many free places on a page says "the last places"


class GroupQuerySet(models.QuerySet["Group"]):
    """Questions about groups."""

    def public(self) -> Self:
        """Groups that anyone may see."""
        return self.filter(activity__sensitivity="public", is_draft=False)

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return public groups, those where people whom `user` may see have a place or are invited, and her desk's."""
        from booking.models.centre import Centre  # noqa: PLC0415  the models need each other
        from booking.models.enrolment import Enrolment  # noqa: PLC0415  as above
        from booking.models.invitation import Invitation  # noqa: PLC0415  as above

        if not user.is_authenticated:
            return self.public()
        own = Enrolment.objects.visible_to(user, on).live().values("group_id")
        desk = Centre.objects.with_desk_of(user, on).values("pk")
        invited = Invitation.objects.visible_to(user, on).standing().values("group_id")
        return self.filter(
            Q(activity__sensitivity="public", is_draft=False)
            | Q(pk__in=own)
            | Q(activity__centre__in=desk)
            | Q(pk__in=invited)
        )

    def open_to_family(self, people: Iterable[uuid.UUID]) -> Self:
        """Return the groups in which a family of these people may ask for a place: public ones and by invitation."""
        from booking.models.invitation import Invitation  # noqa: PLC0415  the models need each other

        invited = Invitation.objects.standing().filter(person__in=list(people)).values("group_id")
        return self.filter(Q(activity__sensitivity="public", is_draft=False) | Q(pk__in=invited))

    def one_visible_to(self, user: Account | AnonymousUser, on: date, group_id: uuid.UUID) -> Group | None:
        """Return one of `visible_to` with its activity, term and timetable, or None.

        Whose place it is in is asked only about a group that is not public.
        """
        group = get_group(group_id)
        if group is None or (group.activity.sensitivity == "public" and not group.is_draft):
            return group
        return group if self.visible_to(user, on).filter(pk=group_id).exists() else None

    def for_age(self, age: int) -> Self:
        """Groups that take people of this age."""
        return self.filter(
            Q(age_from__isnull=True) | Q(age_from__lte=age), Q(age_until__isnull=True) | Q(age_until__gte=age)
        )

    def with_free_places(self) -> Self:
        """Groups that are not full."""
        return self.filter(places_taken__lt=F("capacity"))

    def taking_at_once(self) -> Self:
        """Groups with a free place that nobody waits for."""
        return self.with_free_places().filter(waiting=0)

    def open_at(self, now: datetime) -> Self:
        """Groups whose enrolment is open to families at that moment; it closes with the term at the latest."""
        return self.filter(
            Q(opens_at__isnull=True) | Q(opens_at__lte=now),
            Q(closes_at__isnull=True) | Q(closes_at__gt=now),
            entry__in=ASKED_FOR,
            term__ends_on__gte=now.date(),
        )

    def catalogue(self) -> Self:
        """Load what a page of groups shows: activity, series with rooms and leaders, in a fixed number of queries."""
        lines = models.Prefetch("series", queryset=Series.objects.shown())
        return self.select_related("activity__centre", "term__timetable").prefetch_related(lines)


class Group(models.Model):
    """An offer of an activity: for whom, how many, and through which series.

    `places_taken` counts the enrolments that hold a place, `waiting` those in line, `line_numbers` the numbers that
    were ever given in the line; they are moved in the same transaction as the enrolments. The database forbids the
    first to pass `capacity` but for the `extra_places` that the centre added with a reason.
    Purpose: the promise of a place. No personal data. Retention: as its term.
    """

    class Entry(models.TextChoices):
        """How one gets in."""

        OPEN = "open", _("open to everyone")
        APPROVAL = "approval", _("the centre approves each place")
        INVITED = "invited", _("for those whom the centre invited")
        CENTRE = "centre", _("places are given by the centre")

    class Places(models.TextChoices):
        """How many places are left, as strangers are told."""

        FREE = "free", _("places available")
        FEW = "few", _("last places")
        WAITING = "waiting", _("waiting list")
        FULL = "full", _("no places left")

    class AgeRule(models.TextChoices):
        """How the age is counted."""

        ON_THE_DAY = "on_the_day", _("on the day of the next meeting")
        SCHOOL_YEAR = "school_year", _("by the year of birth, as schools do")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey("booking.Activity", on_delete=models.PROTECT, related_name="groups")
    term = models.ForeignKey("scheduler.Term", on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=120)
    age_from = models.PositiveSmallIntegerField(_("from the age of"), null=True, blank=True)
    age_until = models.PositiveSmallIntegerField(_("up to the age of"), null=True, blank=True)
    age_rule = models.CharField(_("age is counted"), max_length=12, choices=AgeRule.choices, default=AgeRule.ON_THE_DAY)
    residents_only = models.BooleanField(_("only for residents of the municipality"), default=False)
    capacity = models.PositiveSmallIntegerField(_("places"))
    extra_places = models.PositiveSmallIntegerField(_("places beyond these"), default=0, editable=False)
    places_taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    waitlist = models.BooleanField(_("a line may form"), default=False)
    waiting = models.PositiveIntegerField(_("waiting in line"), default=0, editable=False)
    line_numbers = models.PositiveIntegerField(_("numbers given in line"), default=0, editable=False)
    entry = models.CharField(_("how to get in"), max_length=10, choices=Entry.choices, default=Entry.OPEN)
    opens_at = models.DateTimeField(_("enrolment opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("enrolment closes"), null=True, blank=True)
    series = models.ManyToManyField("scheduler.Series", blank=True, related_name="groups")
    # Of a term that is still being planned: families see it once its first line is published.
    is_draft = models.BooleanField(_("still being planned"), default=False, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["activity__name", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(places_taken__lte=F("capacity") + F("extra_places")), name="group_is_never_over_capacity"
            ),
            models.CheckConstraint(
                condition=Q(waiting__lte=F("line_numbers")), name="everyone_in_line_was_given_a_number"
            ),
            models.CheckConstraint(
                condition=Q(age_rule__in=["on_the_day", "school_year"]), name="group_counts_age_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=Q(age_from__isnull=True) | Q(age_until__isnull=True) | Q(age_until__gte=F("age_from")),
                name="group_ages_are_in_order",
            ),
            models.CheckConstraint(
                condition=Q(entry__in=["open", "approval", "invited", "centre"]), name="group_is_entered_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="group_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its public page."""
        return reverse("group", args=[self.activity.centre.slug, self.pk])

    @property
    def free_places(self) -> int:
        """How many more can be enrolled; none while the centre has added places beyond the capacity."""
        return self.capacity - self.places_taken

    @property
    def takes_at_once(self) -> bool:
        """Whether a newcomer gets a place and passes nobody in line."""
        return self.free_places > 0 and not self.waiting

    @property
    def places(self) -> Group.Places:
        """How many places are left, without a number that would count people."""
        if not self.takes_at_once:
            return self.Places.WAITING if self.waitlist else self.Places.FULL
        return self.Places.FEW if self.free_places <= FEW_PLACES else self.Places.FREE

    def has_ended_at(self, now: datetime) -> bool:
        """Say whether the group's term is over."""
        return self.term.period.end <= now

    def is_open_at(self, now: datetime) -> bool:
        """Say whether every family may ask for a place at that moment, places aside."""
        opened = self.opens_at is None or self.opens_at <= now
        closed = self.closes_at is not None and self.closes_at <= now
        return self.entry in ASKED_FOR and opened and not closed and not self.has_ended_at(now)


def _with_term(*, group_id: uuid.UUID) -> models.QuerySet[Group]:
    return Group.objects.filter(pk=group_id).select_related("activity", "term__timetable").order_by()


WITH_TERM = PreparedQuery(_with_term)


def get_group(group_id: uuid.UUID) -> Group | None:
    """Return a group with its activity, term and timetable, or None; who asks has been or is yet to be found out."""
    return next(iter(WITH_TERM.objects(group_id=group_id)), None)
