"""What is written down about collecting a child, on the page and from a signed paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.models import Person, PickupRule

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})  # the form browsers want it in


class CollectorForm(forms.Form):
    """Somebody who may collect, from when until when."""

    name = forms.CharField(label=_("Given name and family name"), max_length=120)
    bond = forms.CharField(
        label=_("Who this is for the child"), max_length=80, required=False, help_text=_("For example: grandmother.")
    )
    valid_from = forms.DateField(label=_("From"), widget=DAY)
    last_day = forms.DateField(
        label=_("Last day"), widget=DAY, required=False, help_text=_("Leave empty if it holds until you revoke it.")
    )

    def clean(self) -> dict[str, Any]:
        """Compare the days."""
        facts = self.cleaned_data
        first, last = facts.get("valid_from"), facts.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first one."))
        return facts


class PaperRuleForm(CollectorForm):
    """What a signed paper says about collecting."""

    kind = forms.ChoiceField(label=_("What the paper says"), choices=PickupRule.Kind.choices)
    name = forms.CharField(
        label=_("Given name and family name"),
        max_length=120,
        required=False,
        help_text=_("Empty when the child goes home alone."),
    )
    signed_by = forms.ChoiceField(label=_("Who signed"))
    paper_place = forms.CharField(
        label=_("Where the paper lies"), max_length=120, help_text=_("Binder and number, so that it can be found.")
    )
    field_order = ("kind", "name", "bond", "valid_from", "last_day", "signed_by", "paper_place")

    def __init__(self, *args: Any, signers: list[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["signed_by"].choices = [(str(each.pk), str(each)) for each in signers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a name where the paper is about somebody."""
        facts = super().clean()
        if facts.get("kind") != PickupRule.Kind.ALONE and not facts.get("name"):
            self.add_error("name", _("Write whom the paper is about."))
        return facts
