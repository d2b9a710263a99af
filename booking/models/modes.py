"""In which ways a visit can take place: in the office, by phone, at home, by video."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How the two sides meet."""

    OFFICE = "office", _("at the centre")
    PHONE = "phone", _("by phone")
    HOME = "home", _("at your home")
    VIDEO = "video", _("by video")


MODES = tuple(Mode.values)


def some_mode() -> Q:
    """Return the condition of a row that allows at least one way."""
    return Q(office=True) | Q(phone=True) | Q(home=True) | Q(video=True)


class ByModes(models.Model):
    """A row that allows some of the ways."""

    office = models.BooleanField(_("at the centre"), default=True)
    phone = models.BooleanField(_("by phone"), default=False)
    home = models.BooleanField(_("at home"), default=False)
    video = models.BooleanField(_("by video"), default=False)

    class Meta:
        abstract = True

    @property
    def modes(self) -> list[str]:
        """The ways it allows, in a fixed order."""
        return [mode for mode in MODES if getattr(self, mode)]
