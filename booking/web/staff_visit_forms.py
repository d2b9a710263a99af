"""What staff fill in about a visit: what became of it, why it is cancelled, who takes it over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from scheduler.models import Resource

MOST_MINUTES = 24 * 60


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Note"),
        help_text=_("It will be in the message, unless the service is confidential. Nothing about health or family."),
        required=False,
        max_length=300,
    )


class OutcomeForm(forms.Form):
    """How long a visit took. There is no field for what was talked about."""

    minutes = forms.IntegerField(
        label=_("Minutes it took"),
        help_text=_("They count in the reports of hours. If the visit was broken off: after how many minutes."),
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
    )


class CancelForm(forms.Form):
    """Why a visit is cancelled."""

    prefix = "cancel"
    note = _note()


class HandOverForm(forms.Form):
    """Who takes a visit over; of a visit that several give, also whose place is taken."""

    prefix = "hand-over"
    instead_of: forms.ModelChoiceField[Resource] = forms.ModelChoiceField(
        label=_("Whose place is taken"), queryset=Resource.objects.none(), empty_label=None
    )
    specialist: forms.ModelChoiceField[Resource] = forms.ModelChoiceField(
        label=_("Who takes it over"), queryset=Resource.objects.none(), empty_label=None
    )
    note = _note()

    def __init__(
        self, *args: Any, others: QuerySet[Resource], givers: QuerySet[Resource], several: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name, found in (("specialist", others), ("instead_of", givers)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = found
        if not several:
            del self.fields["instead_of"]
