"""The page of one date: cancel, move or restore it, let somebody else lead, add a note for families."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.domain.barred_leaders import barred_pairs
from booking.domain.timetable_changes import (
    cancel_date,
    move_date,
    note_date,
    people_concerned,
    restore_date,
    substitute_date,
    told_about,
)
from booking.domain.visits_to_settle import visits_in_hours
from booking.errors import Refused
from booking.models import Account
from booking.web.board_access import planned_session
from booking.web.board_forms import MoveForm, NoteForm, RestoreForm, SubstituteForm, WordsForm
from booking.web.family_members import reader_of
from booking.web.recurrence_words import say_day
from booking.web.windows import named
from notifications.models import Message
from scheduler.domain.room_requests import ask_owner_about_date, asked_about_dates
from scheduler.models import Session

Change = Callable[[datetime, Account], Session]


@login_required
@require_safe
def session_page(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Show one date: what it is, who is concerned, what was changed before, and the ways to change it."""
    return _show(request, _session_of(request, session_id))


@login_required
@require_POST
def cancel(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Cancel the date and tell everyone concerned."""
    session = _session_of(request, session_id)
    form = NoteForm(request.POST, prefix="cancel")
    if not form.is_valid():
        return _show(request, session, cancel_form=form, status=422)
    note = form.cleaned_data["note"]
    return _change(
        request,
        session,
        lambda now, by: cancel_date(session_id=session.pk, by=by, note=note, now=now),
        _("Cancelled."),
        cancel_form=form,
    )


@login_required
@require_POST
def move(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Move the date and tell everyone concerned."""
    session = _session_of(request, session_id)
    form = MoveForm(request.POST, prefix="move", session=session)
    if not form.is_valid():
        return _show(request, session, move_form=form, status=422)
    wanted = form.cleaned_data
    return _change(
        request,
        session,
        lambda now, by: move_date(
            session_id=session.pk,
            period=wanted["period"],
            room_id=wanted["room"].pk if wanted["room"] else None,
            by=by,
            note=wanted["note"],
            now=now,
            forced_reason=wanted["forced_reason"],
        ),
        _("Moved."),
        move_form=form,
    )


@login_required
@require_POST
def ask(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Note that the owner of a room was asked to let the date be moved there."""
    session = _session_of(request, session_id)
    form = MoveForm(request.POST, prefix="move", session=session)
    room = form.cleaned_data.get("room") if form.is_valid() else None
    if room is None:
        return _show(request, session, move_form=form, status=422)
    period = form.cleaned_data["period"]
    try:
        asked = ask_owner_about_date(session_id=session.pk, room_id=room.pk, period=period, now=timezone.now())
    except Refused as refused:
        return _show(request, session, refusal=refused.refusal, move_form=form, status=409)
    messages.success(request, _("Noted: %(owner)s was asked.") % {"owner": asked.room.owner})
    return redirect(f"{reverse('board-session', args=[session.pk])}#asked")


@login_required
@require_POST
def restore(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Let the cancelled date take place after all and tell everyone concerned."""
    session = _session_of(request, session_id)
    form = RestoreForm(request.POST, prefix="restore")
    if not form.is_valid():
        return _show(request, session, restore_form=form, status=422)
    wanted = form.cleaned_data
    return _change(
        request,
        session,
        lambda now, by: restore_date(
            session_id=session.pk, by=by, note=wanted["note"], now=now, forced_reason=wanted["forced_reason"]
        ),
        _("It takes place again."),
        restore_form=form,
    )


@login_required
@require_POST
def substitute(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Let somebody else lead this one date and tell everyone concerned."""
    session = _session_of(request, session_id)
    form = SubstituteForm(request.POST, prefix="substitute", session=session)
    if not form.is_valid():
        return _show(request, session, substitute_form=form, status=422)
    leader = form.cleaned_data["leader"]
    return _change(
        request,
        session,
        lambda now, by: substitute_date(
            session_id=session.pk,
            leader_id=leader.pk if leader else None,
            by=by,
            note=form.cleaned_data["note"],
            now=now,
        ),
        _("Somebody else leads this date."),
        substitute_form=form,
    )


@login_required
@require_POST
def note(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Write a note for families on this one date and tell everyone concerned."""
    session = _session_of(request, session_id)
    form = WordsForm(request.POST, prefix="note")
    if not form.is_valid():
        return _show(request, session, note_form=form, status=422)
    words = form.cleaned_data["note"]
    return _change(
        request,
        session,
        lambda now, by: note_date(session_id=session.pk, by=by, note=words, now=now),
        _("The note is kept with this date."),
        note_form=form,
    )


def _session_of(request: HttpRequest, session_id: uuid.UUID) -> Session:
    return planned_session(reader_of(request), timezone.localdate(), session_id)


def _change(request: HttpRequest, session: Session, change: Change, done: str, **forms: Any) -> HttpResponse:
    try:
        change(timezone.now(), reader_of(request))
    except Refused as refused:
        return _show(request, session, refusal=refused.refusal, status=409, **forms)
    messages.success(request, done)
    return redirect(reverse("board-session", args=[session.pk]))


def _show(request: HttpRequest, session: Session, *, status: int = 200, **context: Any) -> HttpResponse:
    centre = session.timetable.centre
    told = told_about(session)
    visits = visits_in_hours(session, now=timezone.now())
    facts = {
        "centre": centre,
        "session": session,
        "zone": session.timetable.zone,
        "is_over": session.ends_at <= timezone.now(),
        "groups": session.series.groups.select_related("activity"),
        "visits": visits,
        "named": named(reader_of(request), visits, timezone.localdate()),
        "concerned": people_concerned(session),
        "barred": barred_pairs(
            session.series.groups.values_list("pk", flat=True), on=timezone.localdate(), now=timezone.now()
        ),
        "asked": asked_about_dates(session, now=timezone.now()),
        "changes": session.changes.select_related("by__person"),
        "to_call": [message for message in told if message.channel == Message.Channel.DESK],
        "by_sms": [message for message in told if message.channel == Message.Channel.SMS],
        "by_email": [message for message in told if message.channel == Message.Channel.EMAIL],
        "cancel_form": NoteForm(prefix="cancel"),
        "restore_form": RestoreForm(prefix="restore"),
        "substitute_form": SubstituteForm(prefix="substitute", session=session),
        "note_form": WordsForm(prefix="note", initial={"note": session.note}),
        "move_form": MoveForm(prefix="move", session=session),
        "crumbs": [
            {"url": f"{reverse('board')}?centre={centre.slug}", "label": _("Timetable board")},
            {"url": reverse("board-series", args=[session.series_id]), "label": session.series.title},
            {"url": "", "label": _day_of(session)},
        ],
    }
    return render(request, "booking/staff/session.html", {**facts, **context}, status=status)


def _day_of(session: Session) -> str:
    return say_day(session.local_date)
