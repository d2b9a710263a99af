"""Whom the centre invited into a group that is not open to everyone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class GroupInvitation(models.Model):
    """That one person may ask for a place in one group.

    Purpose: groups for those whom the centre invited. Retention: as the group.
    """

    group = models.ForeignKey("booking.Group", on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="group_invitations")
    invited_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations_made"
    )
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("invitation to a group")
        verbose_name_plural = _("invitations to groups")
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="person_is_invited_to_a_group_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.group}"
