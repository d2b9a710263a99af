"""The organiser's rooms and equipment: how many people fit, how one gets in, what owners said."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.errors import Refused
from booking.models import Centre
from booking.models.names import in_alphabet
from booking.web.access import planned_centre
from booking.web.family_members import reader_of
from scheduler.domain.room_requests import answer_for_owner, ask_owner, awaiting_owner
from scheduler.models import PlaceDistance, Resource, RoomRequest, Series

if TYPE_CHECKING:
    from django.db.models import QuerySet


@login_required
@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """List rooms, equipment and ways, and what owners of rooms were asked."""
    reader, now = reader_of(request), timezone.now()
    centre = planned_centre(reader, timezone.localdate(now), request.GET.get("centre", ""))
    own = Resource.objects.filter(timetable=centre.timetable_id)
    drafts = Series.objects.with_pattern().drafts().filter(timetable=centre.timetable_id, room__needs_approval=True)
    waiting = {line.pk: line for line in drafts}
    unasked = [waiting[key] for key, asked in awaiting_owner(waiting.values()).items() if asked is None]
    requests = RoomRequest.objects.filter(room__timetable=centre.timetable_id).select_related("room")
    with timezone.override(centre.timetable.tz):
        facts = {
            "centre": centre,
            "centres": Centre.objects.planned_by(reader, timezone.localdate(now)),
            "rooms": own.rooms()
            .select_related("place", "part_of")
            .prefetch_related("parts")
            .order_by(in_alphabet("place__name"), in_alphabet("name")),
            "equipment": own.equipment().select_related("place").order_by(in_alphabet("name")),
            "ways": PlaceDistance.objects.filter(one__timetable=centre.timetable_id).select_related("one", "other"),
            "unasked": unasked,
            "requests": list(
                requests.prefetch_related("series__event", "series__timetable").order_by("-asked_at")[:50]
            ),
            "crumbs": [
                {"url": f"{reverse('board')}?centre={centre.slug}", "label": _("Timetable board")},
                {"url": "", "label": _("Rooms and equipment")},
            ],
        }
        return render(request, "booking/staff/rooms.html", facts)


@login_required
@require_POST
def ask(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """Note that the owner of the room of a draft was asked."""
    line = get_object_or_404(_planned(request, Series.objects.all(), "timetable__centre"), pk=series_id)
    try:
        asked = ask_owner(series_id=line.pk, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        messages.success(request, _("Noted: %(owner)s was asked.") % {"owner": asked.room.owner})
    return _back(line.timetable.centre)


@login_required
@require_POST
def answer(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Write down what the owner of a room said."""
    found = _planned(request, RoomRequest.objects.all(), "room__timetable__centre")
    asked = get_object_or_404(found.select_related("room__timetable__centre"), pk=request_id)
    agrees = request.POST.get("answer") == "approved"
    answer_for_owner(request_id=asked.pk, agrees=agrees, note=request.POST.get("note", "")[:300], now=timezone.now())
    if agrees:
        said = _("Noted. The date can be moved now.") if asked.starts_at else _("Noted. It can be published now.")
    else:
        said = _("Noted. Choose another room or another hour.")
    messages.success(request, said)
    return _back(asked.room.timetable.centre)


def _planned(request: HttpRequest, rows: QuerySet, centre: str) -> QuerySet:  # type: ignore[type-arg]  # of any model
    """Return the rows of centres whose timetable the reader plans."""
    planned = Centre.objects.planned_by(reader_of(request), timezone.localdate())
    return rows.filter(**{f"{centre}__in": planned})


def _back(centre: Centre) -> HttpResponse:
    return redirect(f"{reverse('board-rooms')}?centre={centre.slug}")
