"""Numbers that law or a centre sets: each with the day it holds from and its source."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# What holds where nobody has set anything; no law asks for these.
HOUSE_RULES = {
    "offer_hours": 24,
    "offer_least_minutes": 60,
    "offer_cutoff_minutes": 120,
    "offer_near_hours": 24,
    "quiet_from_hour": 21,
    "quiet_until_hour": 7,
    "consent_hours": 72,
    "visit_change_days": 1,
    "visit_change_hour": 18,
    "visit_offer_hours": 12,
    "visit_reminder_days": 2,
    "visits_ahead": 3,
    "referral_link_days": 30,
    "check_months": 24,
    "check_warning_days": 30,
}


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Questions about policies."""

    def numbers(self, centre_id: uuid.UUID | None, on: date) -> dict[str, int]:
        """Return every number that holds for a centre, or for none in particular, on that day, in one query.

        Its own goes before the country's, and the country's before the house rules that come with the product.
        """
        in_force = self.filter(
            Q(centre=centre_id) | Q(centre__isnull=True),
            Q(valid_until__isnull=True) | Q(valid_until__gt=on),
            valid_from__lte=on,
        )
        rows = in_force.order_by(F("centre").asc(nulls_first=True), "valid_from").values_list("key", "value")
        return {**HOUSE_RULES, **dict(rows)}


class Policy(models.Model):
    """One number with the time it holds for and the source it rests on.

    Purpose: no legal number lives in code. No personal data. Retention: unlimited, old numbers explain old decisions.
    """

    class Key(models.TextChoices):
        """What is set."""

        OFFER_HOURS = "offer_hours", _("hours a held place waits for an answer")
        OFFER_LEAST_MINUTES = "offer_least_minutes", _("least minutes to answer an offer")
        OFFER_CUTOFF_MINUTES = "offer_cutoff_minutes", _("minutes before the start after which nothing is offered")
        OFFER_NEAR_HOURS = "offer_near_hours", _("hours before the start in which an offer may come at night")
        QUIET_FROM_HOUR = "quiet_from_hour", _("quiet hours begin at")
        QUIET_UNTIL_HOUR = "quiet_until_hour", _("quiet hours end at")
        CONSENT_HOURS = "consent_hours", _("hours a place is held while consents are missing")
        VISIT_CHANGE_DAYS = "visit_change_days", _("days before a visit until which it is moved or cancelled in time")
        VISIT_CHANGE_HOUR = "visit_change_hour", _("hour of that day until which it is in time")
        VISIT_OFFER_HOURS = "visit_offer_hours", _("hours an earlier visit is held for an answer")
        VISIT_REMINDER_DAYS = "visit_reminder_days", _("days before a visit on which it is recalled")
        VISITS_AHEAD = "visits_ahead", _("coming visits that one person books online with one service")
        GROUPS_PER_CHILD = "groups_per_child", _("groups of one term a child may be in, day care aside")
        CHILDREN_PER_EDUCATOR = "children_per_educator", _("children in the care of one educator at a time")
        FAMILIES_PER_ASSISTANT = "families_per_assistant", _("families of one family assistant at a time")
        REFERRAL_LINK_DAYS = "referral_link_days", _("days for which the link of a referral opens after an invitation")
        CHECK_MONTHS = "check_months", _("months for which a check before work with children holds")
        CHECK_WARNING_DAYS = "check_warning_days", _("days before a check ends in which it is shown")

    centre = models.ForeignKey(
        "booking.Centre", on_delete=models.CASCADE, null=True, blank=True, related_name="policies"
    )
    key = models.CharField(_("what"), max_length=30, choices=Key.choices)
    value = models.PositiveIntegerField(_("number"))
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until (not included)"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["key", "-valid_from"]
        constraints = [
            models.UniqueConstraint(  # two conditions, because SQLite knows no NULLS NOT DISTINCT
                fields=["centre", "key", "valid_from"],
                condition=Q(centre__isnull=False),
                name="policy_of_a_centre_is_set_once_for_a_day",
            ),
            models.UniqueConstraint(
                fields=["key", "valid_from"],
                condition=Q(centre__isnull=True),
                name="policy_of_the_country_is_set_once_for_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="policy_ends_after_it_starts",
            ),
            models.CheckConstraint(  # who has no place yet is not asked about
                condition=~Q(key="groups_per_child") | Q(value__gte=1), name="limit_of_groups_allows_one_at_least"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.value}"
