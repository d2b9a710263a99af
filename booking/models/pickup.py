"""Who may collect a child from the centre, who may never, and who goes home alone."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class PickupRuleQuerySet(models.QuerySet["PickupRule"]):
    """Questions about rules of collecting."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Those about the people `user` may see."""
        return self.filter(child__in=Person.objects.visible_to(user, on))

    def in_force(self, on: date) -> Self:
        """Those that hold on that day."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=on), valid_from__lte=on, revoked_at__isnull=True
        )


class PickupRule(models.Model):
    """One sentence about collecting one child, made in writing: on the page by a guardian or on a signed paper.

    Nothing here is made or revoked by phone. Guardians with the right to collect need no row; a guardian barred by a
    court is a stop without one. Purpose: a child leaves with the right person. It keeps a name and a bond, no document
    numbers. Retention: 12 months after it ended.
    """

    class Kind(models.TextChoices):
        """What it says."""

        COLLECTS = "collects", _("may collect")
        NEVER = "never", _("may never collect")
        ALONE = "alone", _("goes home alone")

    class Way(models.TextChoices):
        """How it was made."""

        PAGE = "page", _("on the page")
        PAPER = "paper", _("on a signed paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="pickup_rules")
    kind = models.CharField(_("what"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    bond = models.CharField(_("who this is for the child"), max_length=80, blank=True)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until (not included)"), null=True, blank=True)
    way = models.CharField(_("made"), max_length=5, choices=Way.choices)
    signed_by = models.ForeignKey("booking.Person", on_delete=models.PROTECT, related_name="pickup_rules_signed")
    paper_place = models.CharField(_("the paper lies in"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="pickup_rules_recorded"
    )
    recorded_at = models.DateTimeField(_("recorded"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="pickup_rules_revoked"
    )

    objects = PickupRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of collecting")
        verbose_name_plural = _("rules of collecting")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["collects", "never", "alone"]), name="pickup_rule_is_of_a_known_kind"
            ),
            models.CheckConstraint(condition=Q(way__in=["page", "paper"]), name="pickup_rule_is_made_in_writing"),
            models.CheckConstraint(
                condition=~Q(way="paper") | ~Q(paper_place=""), name="pickup_rule_on_paper_says_where_the_paper_lies"
            ),
            models.CheckConstraint(condition=Q(kind="alone") | ~Q(name=""), name="pickup_rule_names_whom_it_is_about"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="pickup_rule_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child}: {self.get_kind_display()} {self.name}".rstrip()
