"""The form that enrols: who joins, and a key that makes sending it twice harmless."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class EnrolForm(forms.Form):
    """Choices are written by the page, which says beside each person whether she can join."""

    child = forms.UUIDField(
        label=_("Who joins"),
        error_messages={"required": _("Choose who joins."), "invalid": _("Choose who joins.")},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Tell of a missing key above the form, where it is seen."""
        if self.errors.pop("form_key", None):
            self.add_error(None, _("The form was incomplete. Please send it again."))
        return self.cleaned_data
