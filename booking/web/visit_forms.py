"""Forms about visits."""

from __future__ import annotations

from typing import Any

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


class ConfirmForm(forms.Form):
    """The last look at a visit before it is booked; a visit at home asks for the address."""

    address = forms.CharField(
        label=_("Address of the visit"),
        help_text=_("Only the person who comes to you and those who plan the visits see it."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, at_home: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not at_home:
            del self.fields["address"]
