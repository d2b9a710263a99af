"""Drafting series and publishing them: what meets when and where, for a whole term at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from booking.admin.words import FoundPlainly, InWords, relation
from booking.domain.term_publishing import plan_lines, publish_lines
from scheduler.domain.planning import discard_draft, draft_series
from scheduler.errors import Refused
from scheduler.models import Recurrence, Resource, Series
from scheduler.recurrence import is_missing

if TYPE_CHECKING:
    from django.http import HttpRequest

FACTS = ("term", "title", "recurrence", "kind", "audience", "on_breaks", "room", "leader", "resources")
PATTERN = ("day", "starts", "ends")


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A new series: what, when, where, who leads it."""

    day = forms.DateField(
        label=_("First day"),
        help_text=_("The series repeats on the weekday of this day, until the end of the term."),
        widget=AdminDateWidget(),
    )
    recurrence = forms.ChoiceField(label=_("repeats"), choices=Recurrence.choices, initial=Recurrence.WEEKLY)
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    class Meta:
        model = Series
        fields = FACTS

    def clean(self) -> dict[str, Any]:
        """Check that the first meeting lies in the term, on hours that exist, with resources of the same timetable."""
        cleaned = super().clean() or {}
        if not self.errors:
            self._check_hours(cleaned)
            self._check_resources(cleaned)
        return cleaned

    def _check_hours(self, cleaned: dict[str, Any]) -> None:
        term, day = cleaned["term"], cleaned["day"]
        hours = [datetime.combine(day, cleaned[name], tzinfo=term.timetable.tz) for name in ("starts", "ends")]
        if not term.starts_on <= day <= term.ends_on:
            days = {"first": date_format(term.starts_on, "j E Y"), "last": date_format(term.ends_on, "j E Y")}
            self.add_error("day", forms.ValidationError(_("The term lasts from %(first)s to %(last)s."), params=days))
        if cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("The meeting must end after it starts."))
        elif any(is_missing(hour) for hour in hours):
            self.add_error("starts", _("This hour does not exist on the day the clocks go forward."))

    def _check_resources(self, cleaned: dict[str, Any]) -> None:
        named = {"room": [cleaned["room"]], "leader": [cleaned["leader"]], "resources": cleaned["resources"]}
        for field, resources in named.items():
            if any(each and each.timetable_id != cleaned["term"].timetable_id for each in resources):
                self.add_error(field, _("This belongs to the timetable of another centre."))


@admin.register(Series)
class SeriesAdmin(FoundPlainly, InWords, admin.ModelAdmin[Series]):
    """A line of the timetable. Once it is published, its dates are changed on the board and only its words here."""

    list_display = ("title", "when", relation("room"), relation("leader"), relation("term"), "published")
    list_filter = ("timetable", "term", "kind", "audience")
    list_select_related = ("event", "timetable", "room", "leader", "term")
    search_fields = ("title",)
    filter_horizontal = ("resources",)
    actions = ("publish",)

    @admin.display(description=_("when"), ordering="event__start")
    def when(self, series: Series) -> str:
        """Return the pattern in words: "every week, Wednesday 15:45–16:45, from 2 September 2026"."""
        hours = f"{time_format(series.starts, 'H:i')}–{time_format(series.ends, 'H:i')}"
        day = f"{date_format(series.starts_on, 'l')} {hours}, {date_format(series.starts_on, 'j E Y')}"
        return f"{series.get_recurrence_display()}, {day}"

    @admin.display(description=_("published"), boolean=True, ordering="published_at")
    def published(self, series: Series) -> bool:
        """Say whether its dates stand in the timetable."""
        return series.published_at is not None

    def get_form(self, request: HttpRequest, obj: Series | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  the signature of ModelAdmin
        """Ask for the pattern of a new series only."""
        return super().get_form(request, obj, change, **({} if obj else {"form": DraftForm}), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Series | None = None) -> tuple[str, ...]:  # noqa: ARG002  as above
        """Put the hours beside the pattern."""
        return ("when", *FACTS) if obj else (*FACTS[:3], *PATTERN, *FACTS[3:])

    def get_readonly_fields(self, request: HttpRequest, obj: Series | None = None) -> tuple[str, ...]:  # noqa: ARG002  as above
        """Keep the pattern; of a published series also everything that would change its dates."""
        if obj is None:
            return ()
        fixed = ("when", "term", "recurrence", "kind")
        return fixed if obj.published_at is None else (*fixed, "on_breaks", "room", "leader", "resources")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer rooms as rooms and specialists as leaders."""
        offered = {"room": Resource.objects.rooms, "leader": Resource.objects.specialists}
        if db_field.name in offered:
            kwargs["queryset"] = offered[db_field.name]().order_by("timetable__name", "name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:  # noqa: FBT001  as above
        """Draft a new series; nothing is published yet."""
        if change:
            super().save_model(request, obj, form, change)
            return
        facts = {name: form.cleaned_data[name] for name in (*FACTS, *PATTERN)}
        draft_series(series_id=obj.pk, **facts)
        obj.refresh_from_db()

    def has_delete_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        """Let drafts be thrown away, one at a time; what was published stays."""
        return obj is not None and obj.published_at is None and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Series) -> None:  # noqa: ARG002  as above
        """Throw the draft away together with its pattern."""
        discard_draft(series_id=obj.pk)

    @admin.action(description=_("Publish the chosen series"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Series]) -> None:
        """Put the dates of the chosen series into the timetable and tell those concerned; if two clash, of none."""
        assert request.user.is_authenticated  # noqa: S101  the administration is open to nobody else
        chosen, now = list(queryset.values_list("pk", flat=True)), timezone.now()
        reason = str(_("Published in the administration."))
        try:
            plan = plan_lines(series_ids=chosen, now=now)
            publish_lines(series_ids=chosen, fingerprint=plan.fingerprint, by=request.user, now=now, reason=reason)
        except Refused as refused:
            self.message_user(request, str(refused.refusal), messages.ERROR)
            return
        added, dropped = len(plan.publication.added), len(plan.publication.dropped)
        said = [
            ngettext("%(n)d meeting was added to the timetable.", "%(n)d meetings were added to the timetable.", added)
            % {"n": added}
        ]
        if dropped:
            resting = ngettext("%(n)d date falls on a day of rest.", "%(n)d dates fall on days of rest.", dropped) % {
                "n": dropped
            }
            said.append(resting)
        self.message_user(request, " ".join(said), messages.SUCCESS)
