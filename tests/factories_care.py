"""Plain functions that make what is promised beside a place: absences, guests of one day, rules of collecting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from booking.models import (
    Absence,
    Appointment,
    Consent,
    ConsentText,
    Group,
    GuestPlace,
    MakeUpCredit,
    Person,
    PickupRule,
    SlotWatch,
)
from scheduler.models import Session
from tests.factories import NOW, TODAY, make_service, make_staff


def next_session(group: Group) -> Session:
    """Return the next meeting of a group after `NOW`."""
    return Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")[0]


def make_absence(child: Person, session: Session, **facts: Any) -> Absence:
    """Write down that somebody will not come, without what follows from it."""
    return Absence.objects.create(child=child, session=session, reported_at=NOW, **facts)


def make_credit(absence: Absence, group: Group) -> MakeUpCredit:
    """Make the credit of an absence."""
    until = TODAY + timedelta(days=30)
    return MakeUpCredit.objects.create(child=absence.child, activity=group.activity, absence=absence, valid_until=until)


def make_guest_place(child: Person, group: Group, *, session: Session | None = None, **facts: Any) -> GuestPlace:
    """Make a place at the next meeting of a group."""
    facts = {"status": "coming", "created_at": NOW, "expires_at": NOW + timedelta(hours=5)} | facts
    return GuestPlace.objects.create(group=group, session=session or next_session(group), child=child, **facts)


def make_consent(child: Person, text: ConsentText, given_by: Person, **facts: Any) -> Consent:
    """Make a consent given on the page."""
    facts = {"way": "page", "given_on": TODAY, "recorded_at": NOW, "language": "pl"} | facts
    return Consent.objects.create(
        child=child, purpose=text.purpose, text=text, text_digest=text.digest, given_by=given_by, **facts
    )


def make_pickup_rule(child: Person, signed_by: Person, *, name: str = "Babcia Krystyna", **facts: Any) -> PickupRule:
    """Make a rule that somebody may collect a child."""
    facts = {"kind": "collects", "way": "page", "valid_from": TODAY, "recorded_at": NOW} | facts
    return PickupRule.objects.create(child=child, signed_by=signed_by, name=name, **facts)


def make_visit(person: Person | None, *, starts_at: datetime = NOW + timedelta(days=2), **facts: Any) -> Appointment:
    """Make a visit as a row, without the reservation of anybody's time."""
    member = make_staff("specialist")
    facts = {"service": make_service(member.centre), "specialist": member.resource} | facts
    ends_at = starts_at + timedelta(minutes=50)
    moments = {"starts_at": starts_at, "ends_at": ends_at, "created_at": NOW, "changed_at": NOW}
    return Appointment.objects.create(person=person, **moments, **facts)


def make_watch(person: Person, **facts: Any) -> SlotWatch:
    """Make a wish for an earlier visit."""
    facts = {"earlier_than": NOW + timedelta(days=9), "created_at": NOW} | facts
    facts["service"] = facts.get("service") or make_service()
    return SlotWatch.objects.create(person=person, **facts)
