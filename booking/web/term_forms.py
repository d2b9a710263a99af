"""What an organiser fills in about a term: its name and its days, anew or as a copy of another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class TermForm(forms.Form):
    """The name and the days of a term."""

    name = forms.CharField(label=_("Name"), help_text=_("For example: spring term 2027"), max_length=100)
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))


class PublishForm(forms.Form):
    """The plan that was seen, and why it is published in spite of warnings."""

    fingerprint = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why publish in spite of the warnings"),
        help_text=_("It stays in the history of the term, for colleagues and auditors."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
