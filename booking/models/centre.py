"""One organisation with its own timetable, staff and rules."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class CentreQuerySet(models.QuerySet["Centre"]):
    """Questions about centres."""

    def planned_by(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the centres whose timetable `user` may change on that day."""
        from booking.models.staff import StaffRole  # noqa: PLC0415  the two models need each other

        roles = StaffRole.objects.held_by(user, on).planning()
        return self.filter(pk__in=roles.values("member__centre_id"))

    def with_desk_of(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the centres at whose desk `user` works on that day."""
        from booking.models.staff import StaffRole  # noqa: PLC0415  as above

        roles = StaffRole.objects.held_by(user, on).at_the_desk()
        return self.filter(pk__in=roles.values("member__centre_id"))


class Centre(models.Model):
    """A social-service centre, or another body that runs one.

    Purpose: to say who offers what, and how to reach them. Public facts. Retention: as long as the centre exists.
    """

    class Kind(models.TextChoices):
        """In which legal form it works (Act of 19 July 2019 on social services by a CUS, and its neighbours)."""

        STATUTORY_CUS = "statutory_cus", _("Social services centre")
        OPS_RUNNING_PROJECT = "ops_running_project", _("Social welfare office running a project")
        DAY_SUPPORT_FACILITY = "day_support_facility", _("Day-support facility")
        NGO = "ngo", _("Non-governmental organisation")

    class Accent(models.TextChoices):
        """The colour of its pages; each is checked for contrast."""

        TEAL = "teal", _("teal")
        BLUE = "blue", _("blue")
        PLUM = "plum", _("plum")
        FOREST = "forest", _("forest green")
        TERRACOTTA = "terracotta", _("terracotta")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    timetable = models.OneToOneField("scheduler.Timetable", on_delete=models.PROTECT, related_name="centre")
    about = models.TextField(_("about the centre"), blank=True)
    address = models.CharField(_("street address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    desk_hours = models.CharField(_("desk hours"), max_length=200, blank=True)
    accent = models.CharField(_("colour"), max_length=12, choices=Accent.choices, default=Accent.TEAL)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["statutory_cus", "ops_running_project", "day_support_facility", "ngo"]),
                name="centre_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(accent__in=["teal", "blue", "plum", "forest", "terracotta"]),
                name="centre_has_a_known_colour",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its public page."""
        return reverse("centre", args=[self.slug])
