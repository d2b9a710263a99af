"""Forms about visits."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LettersForm(forms.Form):
    """The second check of a visit's link."""

    letters = forms.CharField(
        label=_("First three letters of the family name"),
        help_text=_("Of the person whom the visit is for."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}),
    )
