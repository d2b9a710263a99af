"""The organiser's week, and the page of one date where it is cancelled, moved or restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.domain.timetable_changes import cancel_date, move_date, people_concerned, restore_date, told_about
from booking.errors import Refused
from booking.models import Centre
from booking.web.access import planned_centre
from booking.web.board_forms import MoveForm, NoteForm
from booking.web.staff_timetable import show_staff_timetable
from notifications.models import Message
from scheduler.models import Session

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from booking.models import Account
    from scheduler.models import TimetableRow


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the timetable of a centre to whoever plans it: each session leads to the page of its date."""
    assert request.user.is_authenticated  # noqa: S101  login_required stands before
    today = timezone.localdate()
    centre = planned_centre(request.user, today, request.GET.get("centre", ""))
    facts = {"centres": Centre.objects.planned_by(request.user, today), "plans": True}
    return show_staff_timetable(request, centre, _to_date, facts)


def _to_date(row: TimetableRow) -> str:
    return reverse("board-session", args=[row.id])


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
        request, session, lambda now, by: cancel_date(session_id=session.pk, by=by, note=note, now=now), _("Cancelled.")
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
        ),
        _("Moved."),
        move_form=form,
    )


@login_required
@require_POST
def restore(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Let the cancelled date take place after all and tell everyone concerned."""
    session = _session_of(request, session_id)
    form = NoteForm(request.POST, prefix="restore")
    if not form.is_valid():
        return _show(request, session, restore_form=form, status=422)
    note = form.cleaned_data["note"]
    return _change(
        request,
        session,
        lambda now, by: restore_date(session_id=session.pk, by=by, note=note, now=now),
        _("It takes place again."),
    )


def _session_of(request: HttpRequest, session_id: uuid.UUID) -> Session:
    """Return a date of a timetable that the reader plans; all others do not exist for her."""
    centres = Centre.objects.planned_by(request.user, timezone.localdate())
    mine = Session.objects.filter(timetable__centre__in=centres)
    return get_object_or_404(
        mine.select_related("series__term", "timetable__centre", "room__place", "leader"), pk=session_id
    )


def _change(
    request: HttpRequest,
    session: Session,
    change: Callable[[Any, Account], Session],
    done: str,
    **forms: Any,
) -> HttpResponse:
    assert request.user.is_authenticated  # noqa: S101  login_required stands before every caller
    try:
        change(timezone.now(), request.user)
    except Refused as refused:
        return _show(request, session, refusal=refused.refusal, status=409, **forms)
    messages.success(request, done)
    return redirect(reverse("board-session", args=[session.pk]))


def _show(request: HttpRequest, session: Session, *, status: int = 200, **context: Any) -> HttpResponse:
    centre = session.timetable.centre
    told = told_about(session)
    facts = {
        "centre": centre,
        "session": session,
        "zone": session.timetable.zone,
        "is_over": session.ends_at <= timezone.now(),
        "groups": session.series.groups.select_related("activity"),
        "concerned": people_concerned(session),
        "changes": session.changes.select_related("by__person"),
        "to_call": [message for message in told if message.channel == Message.Channel.DESK],
        "by_email": [message for message in told if message.channel == Message.Channel.EMAIL],
        "cancel_form": NoteForm(prefix="cancel"),
        "restore_form": NoteForm(prefix="restore"),
        "move_form": MoveForm(prefix="move", session=session),
        "crumbs": [
            {"url": f"{reverse('board')}?centre={centre.slug}", "label": _("Timetable board")},
            {"url": "", "label": session.series.title},
        ],
    }
    return render(request, "booking/staff/session.html", {**facts, **context}, status=status)
