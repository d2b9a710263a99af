"""Who works for a centre, in which roles, and which resource of the timetable she is."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.activity import Activity

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class Role(models.TextChoices):
    """What a member of staff does; the words of the CUS Act and of the Family Support Act where they exist."""

    DIRECTOR = "director", _("Director")
    ORGANISER = "organiser", _("Organiser of social services")
    COORDINATOR = "coordinator", _("Coordinator of individual service plans")
    COMMUNITY_ORGANISER = "community_organiser", _("Community organiser")
    SPECIALIST = "specialist", _("Specialist")
    EDUCATOR = "educator", _("Educator")
    INSTRUCTOR = "instructor", _("Instructor")
    FAMILY_ASSISTANT = "family_assistant", _("Family assistant")
    NGO = "ngo", _("Partner organisation")
    AUDITOR = "auditor", _("Auditor")
    DPO = "dpo", _("Data protection officer")
    VOLUNTEER = "volunteer", _("Volunteer")
    CONFIDANT = "confidant", _("Trusted with sensitive visits")
    REFERRER = "referrer", _("Refers people from outside")


DESK_ROLES = (Role.ORGANISER, Role.COORDINATOR)
PLANNING_ROLES = (Role.ORGANISER,)
DOOR_ROLES = (Role.EDUCATOR, Role.INSTRUCTOR)  # who hand children over at the end of a meeting
DIARY_ROLES = (Role.SPECIALIST, Role.EDUCATOR, Role.INSTRUCTOR, Role.FAMILY_ASSISTANT)


class StaffMemberQuerySet(models.QuerySet["StaffMember"]):
    """Questions about members of staff."""

    def diaries_of(self, user: Account, on: date) -> Self:
        """Memberships of `user` that a timetable knows as a person who leads, while she holds a role there.

        Whoever has left reads no diary any more: neither visits, nor lists of children.
        """
        working = StaffRole.objects.held_by(user, on).values("member_id")
        return self.filter(resource__isnull=False, pk__in=working)


class StaffMember(models.Model):
    """A person's work for one centre.

    Purpose: to give rights by role and to find the person's sessions. Retention: 5 years after the work ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("booking.Person", on_delete=models.PROTECT, related_name="staff_memberships")
    centre = models.ForeignKey("booking.Centre", on_delete=models.PROTECT, related_name="staff")
    job_title = models.CharField(_("job title"), max_length=120)
    counts_for_ratio = models.BooleanField(_("counts as an educator"), default=False)
    # Art. 21(5)–(7) of the Act of 13 May 2016: other states are asked about those who lived there in the last 20 years.
    needs_foreign_check = models.BooleanField(_("foreign citizen, or lived abroad in the last 20 years"), default=False)
    resource = models.OneToOneField(
        "scheduler.Resource", on_delete=models.PROTECT, null=True, blank=True, related_name="staff_member"
    )

    objects = StaffMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        ordering = ["person__sort_name"]
        constraints = [
            models.UniqueConstraint(fields=["person", "centre"], name="person_is_staff_of_a_centre_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.job_title}"


class Qualification(models.Model):
    """That a member of staff can lead activities of one kind, or give one service.

    Purpose: to propose who can take over a meeting. Retention: as the staff record.
    """

    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="qualifications")
    activity_kind = models.CharField(
        _("kind of activity"), max_length=12, choices=Activity.Kind.choices, blank=True, default=""
    )
    service = models.ForeignKey(
        "booking.Service", on_delete=models.CASCADE, null=True, blank=True, related_name="qualifications"
    )

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ["activity_kind", "service"]
        constraints = [
            models.CheckConstraint(
                condition=Q(activity_kind="", service__isnull=False)
                | Q(activity_kind__in=Activity.Kind.values, service__isnull=True),
                name="qualification_is_for_a_kind_of_activity_or_a_service",
            ),
            models.UniqueConstraint(
                fields=["member", "activity_kind"],
                condition=Q(service__isnull=True),
                name="qualification_for_a_kind_of_activity_is_listed_once",
            ),
            models.UniqueConstraint(
                fields=["member", "service"],
                condition=Q(service__isnull=False),
                name="qualification_for_a_service_is_listed_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.service) if self.service_id else str(self.get_activity_kind_display())


class StaffRoleQuerySet(models.QuerySet["StaffRole"]):
    """Questions about roles."""

    def in_force(self, on: date) -> Self:
        """Roles held on that day."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        )

    def held_by(self, user: Account | AnonymousUser, on: date) -> Self:
        """Roles that `user` holds on that day; none for strangers and for accounts without a person."""
        person_id = getattr(user, "person_id", None)
        return self.in_force(on).filter(member__person_id=person_id) if person_id else self.none()

    def at_the_desk(self) -> Self:
        """Roles that may see and serve the centre's families."""
        return self.filter(role__in=DESK_ROLES)

    def planning(self) -> Self:
        """Roles that may change the timetable."""
        return self.filter(role__in=PLANNING_ROLES)


class StaffRole(models.Model):
    """One role of a member of staff, for a time.

    Purpose: rights follow roles. Retention: as the staff record.
    """

    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until and including"), null=True, blank=True)

    objects = StaffRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["member", "role"], name="role_of_a_member_is_listed_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())
