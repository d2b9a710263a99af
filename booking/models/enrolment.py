"""A person's place in a group, for the whole course with all its dates."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

LIVE = ("enrolled", "waiting", "offered", "pending")
HOLDING = ("enrolled", "offered", "pending")
IN_LINE = ("waiting", "offered")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Questions about enrolments."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return enrolments of the people `user` may see."""
        return self.filter(child__in=Person.objects.visible_to(user, on))

    def live(self) -> Self:
        """Those that are not over."""
        return self.filter(status__in=LIVE)

    def holding(self) -> Self:
        """Those that take a place."""
        return self.filter(status__in=HOLDING)

    def waiting(self) -> Self:
        """Those in line whom no place is offered yet, the next one first."""
        return self.filter(status=Enrolment.Status.WAITING).order_by("line_number")

    def to_decide(self) -> Self:
        """Those for which the centre holds a place until it decides; a place that only lacks a consent is none."""
        return self.filter(status=Enrolment.Status.PENDING).exclude(pk__in=self.model.objects.incomplete().values("pk"))

    def incomplete(self) -> Self:
        """Those whose place is held until a consent is given, and hers then."""
        held = Q(consent_hold__settled_at__isnull=True, consent_hold__becomes=Enrolment.Status.ENROLLED)
        return self.filter(held, status=Enrolment.Status.PENDING)

    def in_line(self) -> Self:
        """Those who wait, with a place held for them or not."""
        return self.filter(status__in=IN_LINE)

    def with_position(self) -> Self:
        """Add `place_in_line`: 1 for the next one, None for whoever does not wait."""
        line = Enrolment.objects.filter(
            group=OuterRef("group"), status=Enrolment.Status.WAITING, line_number__lte=OuterRef("line_number")
        )
        count = line.order_by().values("group").annotate(count=Count("pk")).values("count")
        return self.annotate(
            place_in_line=Case(When(status=Enrolment.Status.WAITING, then=Subquery(count)), output_field=IntegerField())
        )


class Enrolment(models.Model):
    """One place of one person in one group, or in its line. A later enrolment after a withdrawal is a new row.

    `line_number` is given under the group's lock by the server and never edited. `wish` joins the entries of one
    person in several groups of which one is enough; `bundle` those of siblings who come together or not at all.
    Purpose: the promise itself. Retention: 5 years after its end (project reports), then anonymised.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        ENROLLED = "enrolled", _("enrolled")
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("a place is offered")
        PENDING = "pending", _("to be completed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ENDED = "ended", _("ended")

    class Basis(models.TextChoices):
        """On whose word somebody is here."""

        REQUEST = "request", _("the family asked")
        COURT = "court", _("a court referred")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("booking.Group", on_delete=models.PROTECT, related_name="enrolments")
    child = models.ForeignKey("booking.Person", on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ENROLLED)
    basis = models.CharField(_("on the ground of"), max_length=8, choices=Basis.choices, default=Basis.REQUEST)
    line_number = models.PositiveIntegerField(_("number in line"), null=True, blank=True, editable=False)
    wish = models.UUIDField(_("one of several wished for"), null=True, blank=True, editable=False, db_index=True)
    bundle = models.UUIDField(_("together with"), null=True, blank=True, editable=False, db_index=True)
    note = models.CharField(_("note for the centre"), max_length=500, blank=True)
    enrolled_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="enrolments_made"
    )
    created_at = models.DateTimeField(_("made"))
    updated_at = models.DateTimeField(_("changed"))

    place_in_line: int | None  # of `with_position()` only

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["child", "status"], name="enrolment_by_child"),
            models.Index(fields=["group", "line_number"], condition=Q(status="waiting"), name="enrolment_by_line"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "child"],
                condition=Q(status__in=["enrolled", "waiting", "offered", "pending"]),
                name="child_has_one_live_place_in_a_group",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["enrolled", "waiting", "offered", "pending", "withdrawn", "ended"]),
                name="enrolment_has_a_known_status",
            ),
            models.CheckConstraint(condition=Q(basis__in=["request", "court"]), name="enrolment_has_a_known_basis"),
            models.UniqueConstraint(fields=["group", "line_number"], name="number_in_line_is_given_once_in_a_group"),
            models.CheckConstraint(
                condition=~Q(status__in=["waiting", "offered"]) | Q(line_number__isnull=False),
                name="everyone_in_line_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child} – {self.group}"

    @property
    def is_live(self) -> bool:
        """Whether it is not over."""
        return self.status in LIVE
