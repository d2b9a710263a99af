"""What waits for an answer in the demo: offers, an invitation, a right to make up for a meeting, a call, a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F
from django.utils import translation

from booking.domain.recipients import recipient
from booking.management.demo.centres import OpenCentre
from booking.management.demo.shapes import demo_id
from booking.models import (
    Absence,
    Account,
    Enrolment,
    Group,
    Guardianship,
    Household,
    Invitation,
    LineEvent,
    MakeUpCredit,
    Offer,
    Person,
)
from notifications.kinds import COMPOSERS
from notifications.models import Message
from scheduler.models import Session

OFFERED = {"zofia": "taekwondo-maluchy", "kacper": "taniec-maluchy"}  # a child and the group it is offered a place in
OFFER_LASTS = timedelta(days=2, hours=18)
MISSED_DAYS_AGO, CREDIT_DAYS = 24, 30
WITH_PESEL = ("zofia", "hanna", "kacper")
WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)  # of the digits of a PESEL number in its checksum
CENTURY_2000 = 20  # what a PESEL number adds to the month of those born from 2000 on


def store_answers(opened: OpenCentre, people: Mapping[str, Person], *, by: Account, now: datetime) -> None:
    """Store what families and the desk find waiting for them; nobody is written to."""
    if "zofia" not in people:
        return
    for child, group in OFFERED.items():
        _offer(opened.groups[group], people[child], by=by, now=now)
    parent = people["parent"]
    workshop = opened.groups["warsztaty-rodzice"]
    facts = {"group": workshop, "person": parent, "invited_by": by, "created_at": now - timedelta(days=1)}
    Invitation.objects.create(id=demo_id("invitation", workshop.pk, parent.pk), **facts)
    _store_credit(opened.groups["angielski-starsi"], people["hanna"], by=parent.account, now=now)
    for key in WITH_PESEL:
        _store_pesel(people[key])
    _store_call(people, opened.groups[OFFERED["kacper"]], now=now)
    _store_letters(opened, now=now)


def invented_pesel(birth_date: date) -> str:
    """Return a number with a right checksum for somebody born from 2000 on; its serial number is one nobody is given.

    The digits: year, month + 20, day, four of a serial number, checksum (art. 15 of the Population Records Act of
    24 September 2010).
    """
    digits = f"{birth_date:%y}{birth_date.month + CENTURY_2000:02d}{birth_date:%d}0000"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return f"{digits}{-total % 10}"


def _offer(group: Group, child: Person, *, by: Account, now: datetime) -> None:
    """Hold a place for a child who was first in line."""
    joined = now - timedelta(days=9)
    entry = Enrolment.objects.create(
        id=demo_id("enrolment", group.pk, child.pk),
        group=group,
        child=child,
        status=Enrolment.Status.OFFERED,
        line_number=1,
        enrolled_by=by,
        created_at=joined,
        updated_at=now,
    )
    Group.objects.filter(pk=group.pk).update(waitlist=True, line_numbers=1, places_taken=F("places_taken") + 1)
    Offer.objects.create(id=demo_id("offer", entry.pk), enrolment=entry, expires_at=now + OFFER_LASTS, created_at=now)
    LineEvent.objects.create(enrolment=entry, kind=LineEvent.Kind.JOINED, by=by, at=joined)
    LineEvent.objects.create(enrolment=entry, kind=LineEvent.Kind.OFFERED, at=now)


def _store_credit(group: Group, child: Person, *, by: Account, now: datetime) -> None:
    """Let a child have missed a meeting some weeks ago, so that her right to make up for it ends soon."""
    past = Session.objects.standing().filter(series__groups=group, starts_at__lt=now - timedelta(days=MISSED_DAYS_AGO))
    session = past.select_related("timetable").order_by("-starts_at", "pk").first()
    if session is None:
        return
    absence = Absence.objects.create(
        id=demo_id("absence", child.pk, session.planned_date),
        child=child,
        session=session,
        reported_by=by,
        reported_at=session.starts_at - timedelta(hours=8),
    )
    MakeUpCredit.objects.create(
        id=demo_id("credit", child.pk),
        child=child,
        activity=group.activity,
        absence=absence,
        valid_until=session.starts_at.astimezone(session.timetable.tz).date() + timedelta(days=CREDIT_DAYS),
    )


def _store_pesel(person: Person) -> None:
    if person.birth_date is not None:
        person.keep_pesel(invented_pesel(person.birth_date))
        person.save()


def _store_call(people: Mapping[str, Person], group: Group, *, now: datetime) -> None:
    """Let the desk have to call the grandmother about the place that is held for her grandson."""
    offer = Offer.objects.get(enrolment__group=group, enrolment__child=people["kacper"])
    facts = {"enrolment": str(offer.enrolment_id), "offer": str(offer.pk)}
    _store_message(people["phone_only"], "offered", facts, now=now)


def _store_letters(opened: OpenCentre, *, now: datetime) -> None:
    """Give those who are told by letter an address, and let the first of them have a letter waiting."""
    by_letter = Household.objects.filter(centre=opened.centre, members__reach=Person.Reach.LETTER).distinct()
    for number, home in enumerate(by_letter.order_by("code"), start=1):
        home.address = f"ul. Polna {number}"
        home.save()
    rights = Guardianship.objects.filter(
        guardian__reach=Person.Reach.LETTER, child__enrolments__status=Enrolment.Status.ENROLLED, can_view=True
    )
    right = rights.filter(child__households__in=by_letter).select_related("guardian").order_by("pk").first()
    if right is not None:
        enrolments = Enrolment.objects.filter(child=right.child_id, status=Enrolment.Status.ENROLLED).order_by("pk")
        _store_message(right.guardian, "enrolled", {"enrolment": str(enrolments[0].pk)}, now=now)


def _store_message(reader: Person, kind: str, facts: dict[str, Any], *, now: datetime) -> None:
    """Store what the desk has to tell somebody, in the words and the language in which it is told."""
    told = recipient(reader)
    moment = datetime.combine(now.date(), time(8), now.tzinfo)
    message = Message(
        id=demo_id("message", kind, reader.pk),
        dedupe_key=f"demo:{kind}:{reader.pk}",
        recipient_id=told.id,
        recipient_name=told.name,
        channel=told.channel,
        address=told.address,
        language=told.language,
        kind=kind,
        facts=facts,
        state=Message.State.AT_DESK,
        attempts=1,
        next_attempt_at=moment,
        created_at=moment,
    )
    with translation.override(told.language):
        words = COMPOSERS[kind](message, now)
    message.subject, message.text = words.subject, words.body
    message.save()
