"""Whom the centre invited into a group that is not open to everyone."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking.models.enrolment import Enrolment
from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about invitations."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Invitations of the people `user` may see."""
        return self.filter(person__in=Person.objects.visible_to(user, on))

    def standing(self) -> Self:
        """Those that open their group: a family that said no may think better of it, a revoked one is over."""
        return self.exclude(status=Invitation.Status.REVOKED)

    def unanswered(self) -> Self:
        """Those whose family has neither said no nor asked for a place."""
        places = Enrolment.objects.live().filter(group=OuterRef("group"), child=OuterRef("person"))
        return self.filter(~Exists(places), status=Invitation.Status.OPEN)


class Invitation(models.Model):
    """That one person may ask for a place in one group, and what became of it. Inviting again opens the same row.

    Purpose: groups for those whom the centre invited. Retention: as the group.
    """

    class Status(models.TextChoices):
        """Where it stands; who has asked for a place is told by her enrolment."""

        OPEN = "open", _("waits for an answer")
        DECLINED = "declined", pgettext_lazy("invitation", "declined")
        REVOKED = "revoked", pgettext_lazy("invitation", "revoked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("booking.Group", on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="invitations")
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.OPEN)
    invited_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations_made"
    )
    created_at = models.DateTimeField(_("made"))
    decided_at = models.DateTimeField(_("answered or revoked"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a group")
        verbose_name_plural = _("invitations to groups")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="invitation_of_a_person_to_a_group_is_one"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "declined", "revoked"]), name="invitation_has_a_known_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.group}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.status == self.Status.OPEN
