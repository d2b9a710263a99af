"""The log of what changed in a timetable, in the order it became visible: what integrators read on from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TimetableChange(models.Model):
    """One thing that changed, by number: numbers of a timetable have no gaps and are given under its row lock.

    So whoever has read up to a number has missed nothing before it. Written in the transaction of the change.
    Purpose: to let other programs follow the timetable. No personal data. Retention: 5 years, as the session.
    """

    class Subject(models.TextChoices):
        """What changed."""

        SESSION = "session", _("session")
        CLOSURE = "closure", _("closure")
        TERM = "term", _("term")

    class What(models.TextChoices):
        """How it changed."""

        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        REMOVED = "removed", _("removed")

    timetable = models.ForeignKey("scheduler.Timetable", on_delete=models.CASCADE, related_name="changes")
    number = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("when"))
    subject = models.CharField(_("subject"), max_length=10, choices=Subject.choices)
    subject_id = models.UUIDField(_("id of the subject"))
    what = models.CharField(_("what"), max_length=10, choices=What.choices)

    class Meta:
        verbose_name = _("change of a timetable")
        verbose_name_plural = _("changes of timetables")
        ordering = ["timetable", "number"]
        constraints = [
            models.UniqueConstraint(fields=["timetable", "number"], name="change_of_a_timetable_has_its_own_number"),
            models.CheckConstraint(
                condition=models.Q(subject__in=["session", "closure", "term"]),
                name="change_of_a_timetable_is_about_something_known",
            ),
            models.CheckConstraint(
                condition=models.Q(what__in=["added", "changed", "removed"]),
                name="change_of_a_timetable_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject} {self.what}"
