"""What an organiser fills in about the visits of a service."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.domain.visit_rules import VisitRules
from booking.models.modes import MODES, Mode

LONGEST_MINUTES, LONGEST_HOURS, LONGEST_DAYS = 480, 24 * 60, 400
SHORTEST = 5


def _minutes(label: Any, least: int = 0, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=LONGEST_MINUTES, **options)


class VisitRulesForm(forms.Form):
    """The rules of visits; `rules()` is what changing them is asked with."""

    minutes = _minutes(_("A visit takes (minutes)"), SHORTEST)
    pause_minutes = _minutes(_("Pause after each visit (minutes)"))
    step_minutes = _minutes(
        _("Visits may begin every (minutes)"),
        SHORTEST,
        required=False,
        help_text=_("Left blank, one visit follows the other: its length and the pause."),
    )
    before_minutes = _minutes(
        _("Time to prepare before a visit (minutes)"), help_text=_("Nothing else is planned in this time.")
    )
    after_minutes = _minutes(
        _("Time to finish after a visit (minutes)"), help_text=_("The pause counts in it: the longer of the two holds.")
    )
    travel_minutes = _minutes(
        _("The way to a visit at home (minutes)"), help_text=_("Kept free before and after it; other visits need none.")
    )
    modes = forms.MultipleChoiceField(
        label=_("Visits take place"), choices=Mode.choices, widget=forms.CheckboxSelectMultiple
    )
    online = forms.BooleanField(
        label=_("Families book it themselves"),
        help_text=_("Otherwise only the desk and the specialist book it."),
        required=False,
    )
    notice_hours = forms.IntegerField(
        label=_("Families book at the latest (hours before)"), min_value=0, max_value=LONGEST_HOURS
    )
    horizon_days = forms.IntegerField(
        label=_("Families book at most (days ahead)"), min_value=1, max_value=LONGEST_DAYS
    )

    def __init__(self, *args: Any, before: VisitRules, **kwargs: Any) -> None:
        known = asdict(before) | {"modes": [mode for mode in MODES if mode in before.modes]}
        kwargs["initial"] = known
        super().__init__(*args, **kwargs)

    def rules(self) -> VisitRules:
        """Return the rules that were filled in."""
        return VisitRules(**self.cleaned_data | {"modes": frozenset(self.cleaned_data["modes"])})
