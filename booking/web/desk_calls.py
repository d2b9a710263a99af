"""The list of calls: whom the desk has to tell what, and how each call went."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.domain.call_list import ask_to_call_back, call_list, record_call
from booking.models import DeskCall, Household
from booking.web.desk import crumbs
from booking.web.desk_access import Desk

DONE_SHOWN = 20
ASK = "no_answer_ask"  # nobody answered, and an SMS asks for a call
UNPROCESSABLE = 422


class CallForm(forms.Form):
    """How a call went; the choices are buttons."""

    messages = forms.CharField(max_length=4000)
    outcome = forms.ChoiceField(choices=[*DeskCall.Outcome.choices, (ASK, ASK)])
    note = forms.CharField(max_length=200, required=False)

    def clean_messages(self) -> list[uuid.UUID]:
        """Read the ids."""
        try:
            return [uuid.UUID(part) for part in self.cleaned_data["messages"].split(",")]
        except ValueError as failure:
            raise forms.ValidationError(_("The form was incomplete. Please send it again.")) from failure


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest) -> HttpResponse:
    """Show whom to call, and note how a call went; noting it twice changes nothing."""
    desk = Desk.of(request)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted, ask = form.cleaned_data, form.cleaned_data["outcome"] == ASK
        count = record_call(
            centre=desk.centre,
            message_ids=wanted["messages"],
            outcome=DeskCall.Outcome.NO_ANSWER if ask else wanted["outcome"],
            note=wanted["note"],
            by=desk.account,
            now=desk.now,
        )
        asked = 0
        if count and ask:
            ids = wanted["messages"]
            asked = ask_to_call_back(centre=desk.centre, message_ids=ids, by=desk.account, now=desk.now)
        messages.success(request, _told(count, asked))
        return redirect("desk-calls")
    with timezone.override(desk.centre.timetable.tz):
        homes = Household.objects.of_desk(desk.account, desk.today).filter(centre=desk.centre)
        done = DeskCall.objects.filter(message__recipient_id__in=homes.values("members"))
        facts = {
            "centre": desk.centre,
            "callees": call_list(centre=desk.centre, by=desk.account, now=desk.now),
            "outcomes": DeskCall.Outcome,
            "done": done.select_related("message", "by__person").order_by("-called_at")[:DONE_SHOWN],
            "form": form,
            "crumbs": crumbs(_("Calls")),
        }
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "booking/desk/calls.html", facts, status=status)


def _told(count: int, asked: int) -> str:
    if asked:
        return _("Noted. An SMS asks for a call.")
    return _("Noted.") if count else _("Somebody else has noted this call already.")
