"""What is noted about a member of staff: checks before work with children, and what she can take over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from booking.models import Activity, SafeguardingCheck, Service

if TYPE_CHECKING:
    from booking.models import StaffMember


class CheckForm(forms.Form):
    """What was looked up, when, and how it ended."""

    kind = forms.ChoiceField(label=gettext_lazy("What was checked"), choices=SafeguardingCheck.Kind.choices)
    checked_on = forms.DateField(
        label=gettext_lazy("Checked on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ok = forms.TypedChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[("1", gettext_lazy("Nothing stands in the way")), ("0", gettext_lazy("May not work with children"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="1",
        help_text=gettext_lazy("Only this is kept, never what the register says."),
    )


class QualificationForm(forms.Form):
    """What somebody can take over."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Activities"),
        choices=Activity.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    services: forms.ModelMultipleChoiceField[Service] = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Services"),
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needs_foreign_check = forms.BooleanField(
        label=gettext_lazy("Foreign citizen, or lived abroad in the last 20 years"), required=False
    )

    def __init__(self, *args: Any, member: StaffMember, **kwargs: Any) -> None:
        held = member.qualifications.all()
        kwargs["initial"] = {
            "kinds": [each.activity_kind for each in held if each.activity_kind],
            "services": [each.service_id for each in held if each.service_id],
            "needs_foreign_check": member.needs_foreign_check,
        }
        super().__init__(*args, **kwargs)
        services = self.fields["services"]
        assert isinstance(services, forms.ModelMultipleChoiceField)  # noqa: S101  tells the type checker what stands above
        services.queryset = Service.objects.filter(centre=member.centre_id)
