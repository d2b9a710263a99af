"""The form that enrols: who joins, and a key that makes sending it twice harmless."""

from __future__ import annotations

from collections.abc import Iterable
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
    any_group = forms.BooleanField(required=False)
    together = forms.TypedMultipleChoiceField(required=False, label=_("Together or not at all?"))

    def __init__(self, *args: Any, companions: Iterable[str] = (), **kwargs: Any) -> None:
        """`companions` are those of the family who could come along."""
        super().__init__(*args, **kwargs)
        self.fields["together"].choices = [(each, each) for each in companions]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Tell of a missing key above the form, where it is seen; two kinds of wishes do not go together."""
        if self.errors.pop("form_key", None):
            self.add_error(None, _("The form was incomplete. Please send it again."))
        if self.cleaned_data.get("any_group") and self.cleaned_data.get("together"):
            self.add_error("together", _("Choose one of the two: any group, or together."))
        return self.cleaned_data
