"""Letters about a visit: booked, moved, cancelled, handed over, recalled, or an earlier time to choose."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from booking.messages.readers import people_told_of_visit
from booking.messages.service_words import is_sensitive, place_of_visit, service_title, specialist_title
from booking.messages.sessions import uid
from booking.messages.short_links import address
from booking.messages.words import at, day, letter, until, when
from booking.models import Appointment, SlotWatch, StaffRole
from booking.models.visit_deadline import change_deadline
from notifications.kinds import BySms, NothingToTellError, Text, composes
from notifications.models import Message
from scheduler.ical import Entry
from scheduler.models import Resource

Status = Appointment.Status
STAFF_SIDE = "specialist"
RELATED = ("service__centre__timetable", "specialist", "person", "room__place")
SIGNER = Signer(salt="booking.appointment", sep=".")
KEY_BYTES = 16


def link_secret(appointment_id: uuid.UUID, reader_id: uuid.UUID) -> str:
    """Return the part of a visit's link that only this reader is sent: signed, so that it need not be stored."""
    return SIGNER.sign(base64.urlsafe_b64encode(appointment_id.bytes + reader_id.bytes).decode().rstrip("="))


def read_link_secret(secret: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the visit and the reader whom a link is for, or None for a link that nobody was sent."""
    try:
        both = base64.urlsafe_b64decode(SIGNER.unsign(secret) + "=")
    except (BadSignature, binascii.Error, ValueError):
        return None
    if len(both) != 2 * KEY_BYTES:
        return None
    return uuid.UUID(bytes=both[:KEY_BYTES]), uuid.UUID(bytes=both[KEY_BYTES:])


@composes("visit_booked", sms=BySms.INSTEAD)
def tell_booked(message: Message, now: datetime) -> Text:
    """Confirm a visit: when, where, with whom, and how to move or cancel it."""
    return _letter(message, now, "visit_booked", standing=True)


@composes("visit_moved", sms=BySms.BESIDE)
def tell_moved(message: Message, now: datetime) -> Text:
    """Say from when and to when a visit was moved."""
    return _letter(message, now, "visit_moved", standing=True)


@composes("visit_reassigned")
def tell_reassigned(message: Message, now: datetime) -> Text:
    """Say that somebody else gives the visit."""
    return _letter(message, now, "visit_reassigned", standing=True)


@composes("visit_reminder", sms=BySms.BESIDE)
def tell_reminder(message: Message, now: datetime) -> Text:
    """Recall a visit, and how to give it back if it does not suit any more."""
    return _letter(message, now, "visit_reminder", standing=True)


@composes("visit_cancelled", sms=BySms.BESIDE)
def tell_cancelled(message: Message, now: datetime) -> Text:
    """Say that a visit does not take place."""
    return _letter(message, now, "visit_cancelled", standing=False)


@composes("visit_offered", sms=BySms.BESIDE)
def tell_offered(message: Message, now: datetime) -> Text:
    """Say that a time is held, an earlier one or instead of one that cannot be, until when, and where to answer."""
    return _letter(message, now, "visit_offered", standing=True)


def entry_of(appointment: Appointment, *, starts_at: datetime | None = None, names: tuple[str, ...] = ()) -> Entry:
    """Return a visit as a calendar shows it; `starts_at` is when this side comes, if not at the start.

    The calendar identity is the visit's id, in mail and feeds, for ever. A visit held for an answer has a mark.
    """
    title = service_title(appointment.service)
    if appointment.status == Status.OFFERED:
        title = _("Held for your answer: %(title)s") % {"title": title}
    return Entry(
        uid=uid(appointment.pk),
        starts_at=starts_at or appointment.starts_at,
        ends_at=appointment.ends_at,
        sequence=appointment.sequence,
        changed_at=appointment.changed_at,
        summary=f"{', '.join(names)}: {title}" if names else title,
        location=place_of_visit(appointment),
        description="",
        cancelled=appointment.is_cancelled,
        private=True,
    )


def _letter(message: Message, now: datetime, template: str, *, standing: bool) -> Text:
    appointment = Appointment.objects.select_related(*RELATED).filter(pk=message.facts["visit"]).first()
    if appointment is None:
        raise NothingToTellError("the visit is no longer known")
    if appointment.sequence != message.facts["sequence"] or appointment.is_cancelled == standing:
        raise NothingToTellError("the visit was changed again before the letter was sent; a later letter tells it")
    if appointment.starts_at <= now:
        raise NothingToTellError("the visit had begun before the letter could be sent")
    if template == "visit_offered" and (appointment.expires_at is None or appointment.expires_at <= now):
        raise NothingToTellError("the time is no longer held")
    zone = appointment.service.centre.timetable.tz
    facts = facts_of(appointment, message, now)
    facts |= _staff_facts(appointment, message) if facts["is_staff"] else client_facts(appointment, message, now)
    facts |= _before(message, appointment, facts.get("comes_at", appointment.starts_at))
    entry = entry_of(appointment, starts_at=facts.get("comes_at"), names=facts.get("names", ()))
    if facts.get("is_given_up"):  # it is hers no more, and leaves her calendar
        template = "visit_cancelled" if template == "visit_cancelled" else "visit_reassigned"
        entry = replace(entry, cancelled=True)
    return letter(template, facts, centre=appointment.service.centre, entries=[entry], zone=zone)


def facts_of(appointment: Appointment, message: Message, now: datetime) -> dict[str, Any]:
    """Return what everybody is told of a visit. Raises NothingToTellError for who no longer works here."""
    zone = appointment.service.centre.timetable.tz
    is_staff = message.facts.get("side") == STAFF_SIDE
    if is_staff and not _gives_visits(message.recipient_id, appointment, now):
        raise NothingToTellError("the reader no longer works here")
    return {
        "is_staff": is_staff,
        "title": service_title(appointment.service),
        "day": day(appointment.starts_at, zone),
        "when": when(appointment.starts_at, appointment.ends_at, zone),
        "where": place_of_visit(appointment),
        "mode": appointment.mode,
        "specialist": specialist_title(appointment),
        "note": "" if is_sensitive(appointment.service) else message.facts.get("note", ""),
        "until": until(appointment.expires_at, zone) if appointment.expires_at else "",
        "until_at": at(appointment.expires_at, zone) if appointment.expires_at else "",
        "at": at(appointment.starts_at, zone),
        "by_centre": message.facts.get("by_centre", False),
        "replaced": message.facts.get("replaced", False),
        "late": appointment.status == Status.CANCELLED_LATE,
    }


def _gives_visits(reader_id: uuid.UUID, appointment: Appointment, now: datetime) -> bool:
    """Whether the reader holds a role at the centre today, as one whom its timetable knows."""
    roles = StaffRole.objects.in_force(timezone.localdate(now)).filter(member__centre=appointment.service.centre_id)
    return roles.filter(member__person=reader_id, member__resource__isnull=False).exists()


def _staff_facts(appointment: Appointment, message: Message) -> dict[str, Any]:
    """Return what a visit is to this specialist: hers, newly hers, or somebody else's now."""
    hers = set(Resource.objects.filter(staff_member__person=message.recipient_id).values_list("pk", flat=True))
    givers = {appointment.specialist_id, *appointment.colleagues.values_list("pk", flat=True)}
    taken_by = message.facts.get("taken_by", "")
    return {"is_given_up": not hers & givers, "is_new": taken_by in {str(each) for each in hers}}


def client_facts(appointment: Appointment, message: Message, now: datetime) -> dict[str, Any]:
    """Return what this side is told: only of people of her own, and her own hour. Raises NothingToTellError."""
    people = people_told_of_visit(
        message.recipient_id,
        message.facts["people"],
        service_id=appointment.service_id,
        visit_id=appointment.pk,
        on=timezone.localdate(now),
    )
    if not people:
        raise NothingToTellError("the reader may no longer be told of this person")
    zone = appointment.service.centre.timetable.tz
    secret = link_secret(appointment.pk, message.recipient_id)
    side = next((person.pk for person in people if person.pk == appointment.person_id), people[0].pk)
    comes_at, deadline = appointment.comes_at(side), change_deadline(appointment)
    return {
        "names": tuple(person.given_name for person in people if person.pk != message.recipient_id),
        "comes_at": comes_at,
        "when": when(comes_at, appointment.ends_at, zone),
        "at": at(comes_at, zone),
        "several": bool(appointment.parties.all()),
        "keeps": _keeps_another(appointment),
        "deadline": until(deadline, zone) if deadline > now else "",
        "link": address(message, reverse("visit-by-link", args=[secret]), until=appointment.ends_at),
    }


def _keeps_another(appointment: Appointment) -> bool:
    """Say whether a visit is booked that stays until this earlier time is taken."""
    if appointment.status != Status.OFFERED:
        return False
    waiting = SlotWatch.objects.filter(service=appointment.service_id, person=appointment.person_id, ended_at=None)
    return waiting.filter(appointment__status=Status.BOOKED).exists()


def _before(message: Message, appointment: Appointment, comes_at: datetime) -> dict[str, str]:
    """Return when it was before, for this side: who comes some minutes later now came as much later then."""
    was = message.facts.get("was") or {}
    starts_at, ends_at = (parse_datetime(was.get(key, "")) for key in ("starts_at", "ends_at"))
    if starts_at is None or ends_at is None:
        return {}
    zone = appointment.service.centre.timetable.tz
    starts_at += comes_at - appointment.starts_at
    return {"was": when(starts_at, ends_at, zone), "was_day": day(starts_at, zone), "was_at": at(starts_at, zone)}
