"""Letters of the desk: what families without e-mail are told on paper, printed each in their language, and sent off."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.access_log import note_reading
from booking.domain.call_list import Callee, call_list, record_call
from booking.models import CardReading, DeskCall, Household, Person
from booking.web.desk import crumbs
from booking.web.desk_access import Desk

ON_PAPER = (Person.Reach.LETTER, Person.Reach.SCHOOL)
OUTCOMES = (DeskCall.Outcome.POSTED, DeskCall.Outcome.HANDED_OVER, DeskCall.Outcome.PASSED_ON)
DONE_SHOWN = 20
UNPROCESSABLE = 422


class LetterForm(forms.Form):
    """Which letters went out, and how; the ways are buttons."""

    messages = forms.CharField(max_length=40_000)
    outcome = forms.ChoiceField(choices=[(each.value, each.label) for each in OUTCOMES])
    note = forms.CharField(max_length=200, required=False)

    def clean_messages(self) -> list[uuid.UUID]:
        """Read the ids."""
        try:
            return [uuid.UUID(part) for part in self.cleaned_data["messages"].split(",")]
        except ValueError as failure:
            raise forms.ValidationError(_("The form was incomplete. Please send it again.")) from failure


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one person is told at once, as one letter in her language."""

    callee: Callee
    household: Household | None
    dated: str

    @property
    def language(self) -> str:
        """The language it is written in."""
        return self.callee.messages[0].language

    @property
    def is_through_school(self) -> bool:
        """Whether a school hands it over, so that no address stands on it."""
        return self.callee.reach == Person.Reach.SCHOOL


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """List who is told by letter or through the school, and note what was sent off; noting it twice changes nothing."""
    desk = Desk.of(request)
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        count = record_call(
            centre=desk.centre,
            message_ids=wanted["messages"],
            outcome=wanted["outcome"],
            note=wanted["note"],
            by=desk.account,
            now=desk.now,
        )
        messages.success(request, _("Noted.") if count else _("Somebody else has noted this letter already."))
        return redirect("desk-letters")
    with timezone.override(desk.centre.timetable.tz):
        homes = Household.objects.of_desk(desk.account, desk.today).filter(centre=desk.centre)
        done = DeskCall.objects.filter(message__recipient_id__in=homes.values("members"), outcome__in=OUTCOMES)
        waiting = on_paper(desk)
        facts = {
            "centre": desk.centre,
            "callees": waiting,
            "all_ids": ",".join(each.ids for each in waiting),
            "by_post": [each for each in waiting if each.reach == Person.Reach.LETTER],
            "done": done.select_related("message", "by__person").order_by("-called_at")[:DONE_SHOWN],
            "form": form,
            "crumbs": crumbs(_("Letters")),
        }
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "booking/desk/letters.html", facts, status=status)


@login_required
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """Show the letters as they are printed, one sheet a person: all, or the one of `?person=`."""
    desk = Desk.of(request)
    wanted = request.GET.get("person", "")
    chosen = [each for each in call_list(centre=desk.centre, by=desk.account, now=desk.now) if _is_meant(each, wanted)]
    note_reading(
        people=[each.person for each in chosen],
        reader=desk.account,
        centre=desk.centre,
        page=CardReading.Page.PRINT,
        now=desk.now,
    )
    with timezone.override(desk.centre.timetable.tz):
        facts = {
            "centre": desk.centre,
            "sheets": [_sheet(each, desk) for each in chosen],
            "crumbs": crumbs(_("Letters")),
        }
        return render(request, "booking/desk/letter_sheets.html", facts)


def on_paper(desk: Desk) -> list[Callee]:
    """Return those on the list of calls who are told by letter or through the school."""
    everybody = call_list(centre=desk.centre, by=desk.account, now=desk.now)
    return [each for each in everybody if each.reach in ON_PAPER]


def _is_meant(callee: Callee, wanted: str) -> bool:
    return str(callee.person.pk) == wanted if wanted else callee.reach in ON_PAPER


def _sheet(callee: Callee, desk: Desk) -> Sheet:
    homes: Iterable[Household] = callee.households
    with_address = sorted(homes, key=lambda home: not home.address)
    with translation.override(callee.messages[0].language):
        dated = date_format(desk.today, "DATE_FORMAT")
    return Sheet(callee, next(iter(with_address), None), dated)
