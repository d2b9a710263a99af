"""Asking the owner of a room whether a line of the timetable may meet there; until he agrees it stays a draft."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.errors import Refusal, Refused
from scheduler.models import Resource, RoomRequest, Series, Session
from scheduler.period import Period

Status = RoomRequest.Status


def hours_of(line: Series) -> str:
    """Return what an owner agrees to: the rule, days and hours of a line, as text that changes with them."""
    days = ",".join(str(day) for day in line.weekdays)
    return f"{line.recurrence} {days} {line.starts:%H:%M}-{line.ends:%H:%M} {line.starts_on} {line.last_on}"


def hours_of_date(period: Period) -> str:
    """Return what an owner agrees to for one date."""
    return f"once {period.start.isoformat()} {period.end.isoformat()}"


def awaiting_owner(lines: Iterable[Series]) -> dict[uuid.UUID, RoomRequest | None]:
    """Return the lines that cannot be published yet by their id, with what was asked (None: nothing); in one query.

    A revision of a line is asked about as that line.
    """
    shared = [line for line in lines if line.room is not None and line.room.needs_approval]
    if not shared:
        return {}
    roots = {line.replaces_id or line.pk for line in shared}
    asked = {
        (request.series_id, request.room_id, request.hours): request
        for request in RoomRequest.objects.filter(series__in=roots)
    }
    waiting: dict[uuid.UUID, RoomRequest | None] = {}
    for line in shared:
        request = asked.get((line.replaces_id or line.pk, line.room_id, hours_of(line)))  # type: ignore[arg-type]  # has one
        if request is None or request.status != Status.APPROVED:
            waiting[line.pk] = request
    return waiting


@transaction.atomic
def ask_owner(*, series_id: uuid.UUID, now: datetime) -> RoomRequest:
    """Note that the owner of the room was asked about the hours of a line; asking again about the same changes nothing.

    A refusal is asked anew. Raises Refused (`no_owner_to_ask`), Series.DoesNotExist.
    """
    line = Series.objects.with_pattern().get(pk=series_id)
    room = _shared(line.room)
    facts = {"room": room, "series_id": line.replaces_id or line.pk, "hours": hours_of(line)}
    return _ask(facts, now=now)


@transaction.atomic
def ask_owner_about_date(*, session_id: uuid.UUID, room_id: uuid.UUID, period: Period, now: datetime) -> RoomRequest:
    """Note that the owner was asked to let one date be moved into his room. Raises as `ask_owner`."""
    session = Session.objects.get(pk=session_id)
    room = _shared(Resource.objects.rooms().filter(timetable=session.timetable_id, pk=room_id).first())
    facts = {"room": room, "series_id": session.series_id, "hours": hours_of_date(period)}
    return _ask(facts, now=now, starts_at=period.start, ends_at=period.end)


@transaction.atomic
def answer_for_owner(*, request_id: uuid.UUID, agrees: bool, note: str, now: datetime) -> RoomRequest:
    """Write down what the owner said; a later answer replaces an earlier one. Raises RoomRequest.DoesNotExist."""
    request = RoomRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    request.status = Status.APPROVED if agrees else Status.REFUSED
    request.note, request.decided_at = note, now
    request.save(update_fields=["status", "note", "decided_at"])
    return request


def asked_about_dates(session: Session, *, now: datetime) -> list[RoomRequest]:
    """Return what owners were asked about dates of this line that are to come and no date of it has taken yet."""
    asked = RoomRequest.objects.filter(series=session.series_id, starts_at__gt=now).select_related("room")
    taken = set(Session.objects.filter(series=session.series_id).standing().values_list("room_id", "starts_at"))
    return [each for each in asked.order_by("starts_at") if (each.room_id, each.starts_at) not in taken]


def refuse_unasked_lines(lines: Iterable[Series]) -> None:
    """Raise Refused (`room_not_approved`) if one of these drafts meets in a room whose owner has not agreed to it."""
    drafts = {line.pk: line for line in lines if line.published_at is None}
    for key in awaiting_owner(drafts.values()):
        room = drafts[key].room
        if room is not None:
            raise Refused(_not_approved(room))


def refuse_unasked(session: Session, period: Period, room: Resource | None) -> None:
    """Raise Refused (`room_not_approved`) if a date would be moved into a room whose owner has not agreed to it.

    What was agreed for the line counts for the hours it has.
    """
    if room is None or not room.needs_approval:
        return
    agreed = RoomRequest.objects.approved().filter(room=room, series=session.series_id)
    if agreed.filter(hours=hours_of_date(period)).exists():
        return
    if session.series.room_id == room.pk and session.period == period:
        return
    raise Refused(_not_approved(room))


def _not_approved(room: Resource) -> Refusal:
    return Refusal(
        "room_not_approved",
        _("%(room)s belongs to %(owner)s, who has not agreed yet. Ask first."),
        {"room": room.name, "owner": room.owner},
    )


def _ask(facts: dict[str, object], *, now: datetime, **more: object) -> RoomRequest:
    request, made = RoomRequest.objects.select_for_update(of=("self",)).get_or_create(
        **facts, defaults={"asked_at": now, **more}
    )
    if not made and request.status == Status.REFUSED:
        request.status, request.asked_at, request.decided_at = Status.ASKED, now, None
        request.save(update_fields=["status", "asked_at", "decided_at"])
    return request


def _shared(room: Resource | None) -> Resource:
    if room is None or not room.needs_approval:
        raise Refused(Refusal("no_owner_to_ask", _("This room needs nobody's agreement.")))
    return room
