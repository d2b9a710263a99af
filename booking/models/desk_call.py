"""What came of telling somebody by the desk: a call, a letter, a word passed on through the school."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeskCall(models.Model):
    """One attempt of one member of staff to tell one message; the message counts as told after the last good one.

    Purpose: to prove who was told, when and by whom. Retention: as the message, 12 months.
    """

    class Outcome(models.TextChoices):
        """How it went."""

        TOLD = "told", _("called, told")
        NO_ANSWER = "no_answer", _("no answer")
        PASSED_ON = "passed_on", _("passed on")
        POSTED = "posted", _("sent by post")
        HANDED_OVER = "handed_over", _("handed over")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey("notifications.Message", on_delete=models.CASCADE, related_name="desk_calls")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey("booking.Account", on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    called_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("call of the desk")
        verbose_name_plural = _("calls of the desk")
        ordering = ["called_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["told", "no_answer", "passed_on", "posted", "handed_over"]),
                name="call_has_a_known_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.called_at:%Y-%m-%d %H:%M}"
