"""A visit: one or more people meet a specialist at an hour."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from booking.models.activity import Sensitivity
from booking.models.appointment_change import AppointmentChange
from booking.models.appointment_party import AppointmentParty
from booking.models.care_decision import CareDecision
from booking.models.centre import Centre
from booking.models.household import Guardianship
from booking.models.modes import MODES, Mode
from booking.models.person import Person
from booking.models.staff import Role, StaffMember, StaffRole
from scheduler.period import Period

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

# While it has one of these, a visit takes its time; the time of a visit that was ended stays taken too, it is past.
HOLDING = ("requested", "offered", "booked", "held", "interrupted", "no_show", "excused")
COMING = ("requested", "offered", "booked")
ATTENDED = ("held", "interrupted")  # somebody came; its minutes count in reports


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Questions about visits."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the visits of `user`'s family, those she gives herself, and those of her desk.

        A desk sees sensitive ones only in the hands of somebody who is trusted with them; no decision hides from a
        guardian what she sees as staff.
        """
        if not user.is_authenticated:
            return self.none()
        own = StaffMember.objects.diaries_of(user, on).values("resource_id")
        return self.filter(
            Q(pk__in=self._of_family(user.person_id, on).values("pk"))
            | Q(specialist__in=own)
            | Q(pk__in=Appointment.colleagues.through.objects.filter(resource__in=own).values("appointment_id"))
            | self._served(user, on)
        )

    def at_desk_of(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the visits that `user` serves at her desk, sensitive ones only if she is trusted with them."""
        return self.filter(self._served(user, on)) if user.is_authenticated else self.none()

    def _served(self, user: Account | AnonymousUser, on: date) -> Q:
        desk = Centre.objects.with_desk_of(user, on).values("pk")
        trusted = StaffRole.objects.held_by(user, on).filter(role=Role.CONFIDANT).values("member__centre_id")
        open_to_desk = ~Q(service__sensitivity=Sensitivity.SENSITIVE) | Q(service__centre__in=trusted)
        served = self._about(Person.objects.of_desk(user, on)) | Q(person__isnull=True, service__centre__in=desk)
        barred = Person.objects.filter(
            pk__in=Guardianship.objects.barring(getattr(user, "person_id", None), on).values("child_id")
        )
        return Q(service__centre__in=desk) & served & open_to_desk & ~self._about(barred)

    def told_to_family(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the visits that `user` sees as family: her own and her children's, unless they are hidden from her.

        What was written down afterwards, a walk-in in a crisis say, stays where it was written.
        """
        return self.told_to(getattr(user, "person_id", None), on)

    def told_to(self, reader_id: uuid.UUID | None, on: date) -> Self:
        """As `told_to_family`, for somebody who need not have an account: the reader of a link."""
        return self.filter(pk__in=self._of_family(reader_id, on).values("pk"))

    @staticmethod
    def _about(people: models.QuerySet[Person]) -> Q:
        parties = AppointmentParty.objects.filter(person__in=people.values("pk"))
        return Q(person__in=people.values("pk")) | Q(pk__in=parties.values("appointment_id"))

    def _of_family(self, reader: uuid.UUID | None, on: date) -> AppointmentQuerySet:
        """Return the visits of herself and of children she may view, without those a decision hides from her."""
        children = Guardianship.objects.in_force(on).filter(guardian_id=reader, can_view=True).values("child_id")
        family = Person.objects.filter(Q(pk=reader) | Q(pk__in=children)) if reader else Person.objects.none()
        decisions = CareDecision.objects.in_force(on).hiding_from(reader)
        general = Q(service=OuterRef("service")) | Q(service__isnull=True)
        same = Q(appointment=OuterRef("pk")) | general & Q(appointment__isnull=True)
        of_person = decisions.filter(same, person=OuterRef("person"))
        of_party = decisions.filter(same, person__appointments_as_party__appointment=OuterRef("pk"))
        visits = Appointment.objects.filter(self._about(family)).exclude(source=Appointment.Source.AFTERWARDS)
        return visits.filter(Q(person=reader) | ~Exists(of_person), ~Exists(of_party))

    def of_person(self, *people: uuid.UUID) -> Self:
        """Return the visits that any of these people takes part in."""
        parties = AppointmentParty.objects.filter(person__in=people).values("appointment_id")
        return self.filter(Q(person__in=people) | Q(pk__in=parties))

    def given_by(self, *resources: uuid.UUID) -> Self:
        """Return the visits that any of these specialists gives, alone or with a colleague."""
        together = Appointment.colleagues.through.objects.filter(resource__in=resources).values("appointment_id")
        return self.filter(Q(specialist__in=resources) | Q(pk__in=together))

    def within(self, period: Period) -> Self:
        """Return the visits that share a moment with `period`."""
        return self.filter(starts_at__lt=period.end, ends_at__gt=period.start)

    def holding(self) -> Self:
        """Return those that take their time: asked for, offered, booked, or past."""
        return self.filter(status__in=HOLDING)

    def ever_agreed(self) -> Self:
        """Return all but earlier times that were held and given back: those were nobody's visits."""
        steps = AppointmentChange.objects.filter(appointment=OuterRef("pk"))
        held, accepted = Exists(steps.filter(kind="offered", was={})), Exists(steps.filter(kind="accepted"))
        return self.exclude(Q(held, ~Q(accepted), status="cancelled"))

    def coming(self, now: datetime) -> Self:
        """Return those that are still to take place."""
        return self.filter(status__in=COMING, ends_at__gt=now)


class Appointment(models.Model):
    """One visit. Its identity never changes: the id is the calendar UID, `sequence` grows with each change.

    Its time, with what the service needs around it, is a reservation of the specialist, of her colleagues and of the
    room (kind "visit", `visit` = this id): so the same hour is never given twice. `person` is who it was booked for;
    further parties, of a mediation say, have rows of their own and are told of it each on their own. There is no field
    for what was talked about: that belongs in the records that the profession keeps.
    Purpose: to know who comes when. Retention: 5 years after the visit (project reports), then anonymised.
    """

    class Status(models.TextChoices):
        """What became of it."""

        REQUESTED = "requested", _("asked for")
        OFFERED = "offered", _("kept until answered")
        BOOKED = "booked", _("booked")
        CANCELLED = "cancelled", _("cancelled in time")
        CANCELLED_LATE = "cancelled_late", _("cancelled late")
        HELD = "held", _("took place")
        INTERRUPTED = "interrupted", _("broken off")
        NO_SHOW = "no_show", _("nobody came")
        EXCUSED = "excused", _("absent with an excuse")

    class Source(models.TextChoices):
        """Through which door it came."""

        PAGE = "page", _("booked online")
        REST = "rest", _("booked by another program")
        DESK = "desk", _("booked at the desk")
        LINK = "link", _("booked by a link")
        AFTERWARDS = "afterwards", _("written down afterwards")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("booking.Service", on_delete=models.PROTECT, related_name="appointments")
    specialist = models.ForeignKey("scheduler.Resource", on_delete=models.PROTECT, related_name="appointments")
    colleagues = models.ManyToManyField("scheduler.Resource", blank=True, related_name="appointments_joined")
    person = models.ForeignKey(
        "booking.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    mode = models.CharField(_("takes place"), max_length=10, choices=Mode.choices, default=Mode.OFFICE)
    room = models.ForeignKey(
        "scheduler.Resource", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments_here"
    )
    address = models.CharField(_("address of the visit"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.BOOKED)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    outside_hours = models.BooleanField(_("agreed outside the hours for visits"), default=False)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    is_first = models.BooleanField(_("the first visit of this person here"), default=False)
    minutes = models.PositiveSmallIntegerField(_("minutes it took"), null=True, blank=True)
    series_key = models.UUIDField(_("series of visits"), null=True, blank=True, db_index=True)
    source = models.CharField(_("booked through"), max_length=10, choices=Source.choices, default=Source.PAGE)
    booked_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="appointments_booked"
    )
    reminded_at = models.DateTimeField(_("reminded of"), null=True, blank=True)
    sequence = models.PositiveIntegerField(_("revision"), default=0)
    created_at = models.DateTimeField(_("booked"))
    changed_at = models.DateTimeField(_("changed"))

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["starts_at"]
        indexes = [
            models.Index(fields=["specialist", "starts_at"], name="visit_by_specialist_and_start"),
            models.Index(fields=["person", "starts_at"], name="visit_by_person_and_start"),
            models.Index(fields=["status", "expires_at"], name="visit_by_end_of_its_offer"),
            models.Index(fields=["changed_at"], name="visit_by_change"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="visit_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="visit_takes_place_in_a_known_way"),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "requested",
                        "offered",
                        "booked",
                        "cancelled",
                        "cancelled_late",
                        "held",
                        "interrupted",
                        "no_show",
                        "excused",
                    ]
                ),
                name="visit_has_a_known_status",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["page", "rest", "desk", "link", "afterwards"]),
                name="visit_came_through_a_known_door",
            ),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(expires_at__isnull=False),
                name="offered_visit_is_kept_until_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.specialist} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def period(self) -> Period:
        """When it takes place."""
        return Period(self.starts_at, self.ends_at)

    def comes_at(self, person_id: uuid.UUID | None) -> datetime:
        """Return when one of those who come is expected: the hour of her own, or the start. Load `parties` before."""
        hours = (party.arrives_at for party in self.parties.all() if party.person_id == person_id)
        return self.starts_at if person_id == self.person_id else next(filter(None, hours), self.starts_at)

    @property
    def is_holding(self) -> bool:
        """Whether it takes its time."""
        return self.status in HOLDING

    @property
    def is_cancelled(self) -> bool:
        """Whether it was given up."""
        return self.status in {self.Status.CANCELLED, self.Status.CANCELLED_LATE}
