"""A centre whose every name is a secret, and for each kind of message a way to have something to tell about it.

A new kind of message needs a scene here: the walk in `test_confidentiality.py` fails without one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from booking.domain.absences import report_absence
from booking.domain.timetable_changes import cancel_date
from booking.models import (
    Absence,
    Account,
    BusyCalendar,
    Centre,
    ConsentHold,
    Enrolment,
    Group,
    GuestPlace,
    Invitation,
    Offer,
    Person,
    Referral,
    Service,
    StaffMember,
    TermPublication,
    TimeOff,
)
from booking.models.activity import Sensitivity
from notifications.models import Message
from scheduler.models import Resource, Session
from tests.factories import (
    NOW,
    Family,
    make_activity,
    make_centre,
    make_consent_text,
    make_enrolment,
    make_family,
    make_place,
    make_room,
    make_staff,
    make_weekly_group,
)
from tests.factories_care import make_consent, make_visit

DATE = date(2026, 11, 25)
LANGUAGES = ("pl", "en", "uk")

# Nothing that leaves the system about a sensitive service may hold any of these, in whatever language and case.
DENIED = (
    r"terap|therap|терап",
    r"psych|псих",
    r"psych(ia|olo)|шрінк",
    r"kryzys|crisis|криз",
    r"mediac|mediat|медіац",
    r"interwenc|interven|втручан",
    r"gabinet|consulting|кабінет",
    r"poradni|clinic|консульт",
    r"l[ęe]k|anxiet|fear|тривог|страх",
    r"uzale[żz]n|addict|залежн",
    r"przemoc|violen|насил",
    r"[żz]a[łl]ob|grief|горе",
    r"logoped|speech|логопед",
    r"adwokat|lawyer|юрист",
)

Told = tuple[dict[str, Any], Person]
Scene = Callable[["Secret"], Told]
SCENES: dict[str, Scene] = {}


@dataclass
class Secret:
    """A sensitive group and a sensitive service with names in three languages, a family, and who works there."""

    centre: Centre = field(init=False)
    family: Family = field(init=False)
    group: Group = field(init=False)
    service: Service = field(init=False)
    specialist: StaffMember = field(init=False)
    organiser: StaffMember = field(init=False)
    room: Resource = field(init=False)

    def __post_init__(self) -> None:
        self.centre = make_centre(name="Centrum", phone="34 123 45 67", address="Rynek 1, Kłobuczek")
        self.family = make_family(self.centre)
        self.organiser = make_staff("organiser", centre=self.centre)
        self.specialist = make_staff("specialist", centre=self.centre)
        self.specialist.job_title = "psychoterapeutka"
        self.specialist.save()
        leader = self.specialist.resource
        leader.name = "Psychoterapeutka Anna Cicha"
        leader.save()
        place = make_place(self.centre.timetable, name="Poradnia psychologiczna", address="Rynek 1")
        self.room = make_room(self.centre.timetable, name="Gabinet terapeutyczny", place=place)
        activity = make_activity(
            self.centre,
            name_pl="Terapia lęku",
            name_en="Anxiety therapy",
            name_uk="Терапія тривоги",
            kind="workshop",
            sensitivity=Sensitivity.SENSITIVE,
        )
        self.group = make_weekly_group(activity, name="Grupa terapeutyczna", room=self.room, leader=leader)
        series = self.group.series.get()
        series.title = "Terapia lęku"
        series.save()
        self.service = Service.objects.create(
            centre=self.centre,
            name_pl="Interwencja kryzysowa",
            name_en="Crisis intervention",
            name_uk="Кризове втручання",
            sensitivity=Sensitivity.SENSITIVE,
        )

    @property
    def by(self) -> Account:
        """The organiser's account."""
        account: Account = self.organiser.person.account
        return account

    @property
    def session(self) -> Session:
        """The meeting that letters are about."""
        return Session.objects.get(series=self.group.series.get(), planned_date=DATE)

    def place(self, status: str = "enrolled") -> Enrolment:
        """Return the child's place in the group, in this state."""
        place = make_enrolment(self.family.child, self.group)
        Enrolment.objects.filter(pk=place.pk).update(status=status)
        return Enrolment.objects.get(pk=place.pk)


def scene(*kinds: str) -> Callable[[Scene], Scene]:
    """Let a function make ready what these kinds tell, and return the message's facts and its reader."""

    def register(make: Scene) -> Scene:
        for kind in kinds:
            SCENES[kind] = make
        return make

    return register


@scene("enrolled", "withdrawn", "offer_expired", "consent_expired")
def a_place(secret: Secret) -> Told:
    return {"enrolment": str(secret.place().pk)}, secret.family.guardian


@scene("waiting")
def a_place_in_line(secret: Secret) -> Told:
    place = secret.place()
    Enrolment.objects.filter(pk=place.pk).update(status="waiting", line_number=1)
    return {"enrolment": str(place.pk)}, secret.family.guardian


@scene("pending", "consent_needed")
def a_place_to_be_decided(secret: Secret) -> Told:
    place = secret.place("pending")
    ConsentHold.objects.create(enrolment=place, becomes="enrolled", until=NOW + timedelta(days=2))
    return {"enrolment": str(place.pk)}, secret.family.guardian


@scene("rejected")
def a_place_refused(secret: Secret) -> Told:
    facts = {"enrolment": str(secret.place().pk), "reason": "Terapia lęku jest dla dorosłych po kryzysie."}
    return facts, secret.family.guardian


@scene("court_withdrawal_asked")
def a_place_by_a_court(secret: Secret) -> Told:
    return {"enrolment": str(secret.place().pk)}, secret.organiser.person


@scene("offered")
def an_offer(secret: Secret) -> Told:
    place = secret.place()
    Enrolment.objects.filter(pk=place.pk).update(status="offered", line_number=1)
    offer = Offer.objects.create(enrolment=place, expires_at=NOW + timedelta(days=1), created_at=NOW)
    return {"enrolment": str(place.pk), "offer": str(offer.pk)}, secret.family.guardian


@scene("invited")
def an_invitation(secret: Secret) -> Told:
    made = Invitation.objects.create(group=secret.group, person=secret.family.child, created_at=NOW)
    return {"invitation": str(made.pk), "children": [str(secret.family.child.pk)]}, secret.family.guardian


@scene("invitation_revoked")
def an_invitation_that_is_over(secret: Secret) -> Told:
    facts, guardian = an_invitation(secret)
    Invitation.objects.filter(pk=facts["invitation"]).update(status="revoked", decided_at=NOW)
    Message.objects.create(
        dedupe_key="invited:before",
        kind="invited",
        recipient_id=guardian.pk,
        state="sent",
        channel="email",
        next_attempt_at=NOW,
        created_at=NOW,
    )
    return {**facts, "invited": "invited"}, guardian


@scene("guest_offered", "guest_cancelled")
def a_guest_place(secret: Secret) -> Told:
    place = GuestPlace.objects.create(
        child=secret.family.child,
        group=secret.group,
        session=secret.session,
        status="offered",
        expires_at=NOW + timedelta(hours=5),
        created_at=NOW,
    )
    return {"guest_place": str(place.pk)}, secret.family.guardian


@scene("consent_withdrawn")
def a_withdrawn_consent(secret: Secret) -> Told:
    text = make_consent_text(secret.group, name="Zgoda na terapię lęku")
    consent = make_consent(secret.family.child, text, secret.family.guardian)
    return {"consent": str(consent.pk)}, secret.organiser.person


@scene("absence_reported")
def an_absence(secret: Secret) -> Told:
    secret.place()
    report_absence(child=secret.family.child, session=secret.session, by=secret.by, now=NOW)
    return _absence(secret), secret.specialist.person


@scene("absence_withdrawn")
def an_absence_taken_back(secret: Secret) -> Told:
    an_absence(secret)
    Absence.objects.update(withdrawn_at=NOW)
    return _absence(secret), secret.specialist.person


def _absence(secret: Secret) -> dict[str, Any]:
    return {
        "child": str(secret.family.child.pk),
        "group": str(secret.group.pk),
        "sessions": [str(secret.session.pk)],
        "court": False,
    }


@scene("session_moved", "session_restored", "session_substituted", "session_noted", "session_forced")
def a_date(secret: Secret) -> Told:
    secret.place()
    Session.objects.filter(pk=secret.session.pk).update(note="Terapia w gabinecie psychologa")
    return _date(secret), secret.family.guardian


@scene("session_cancelled")
def a_cancelled_date(secret: Secret) -> Told:
    secret.place()
    cancel_date(session_id=secret.session.pk, by=secret.by, note="Terapia lęku odwołana", now=NOW)
    return _date(secret), secret.family.guardian


def _was(secret: Secret) -> dict[str, str]:
    return {
        "starts_at": secret.session.starts_at.isoformat(),
        "ends_at": secret.session.ends_at.isoformat(),
        "room": "Gabinet terapeutyczny",
        "leader": "Psychoterapeutka Anna Cicha",
        "leader_id": str(secret.specialist.resource_id),
    }


def _date(secret: Secret) -> dict[str, Any]:
    children = [str(secret.family.child.pk)]
    return {"session": str(secret.session.pk), "children": children, "was": _was(secret), "note": "Terapia"}


@scene("dates_changed")
def dates_of_somebody_away(secret: Secret) -> Told:
    secret.place()
    child = str(secret.family.child.pk)
    change = {"session": str(secret.session.pk), "what": "substituted", "was": _was(secret), "children": [child]}
    return {"centre": str(secret.centre.pk), "changes": [change]}, secret.family.guardian


@scene("timetable_published")
def a_published_timetable(secret: Secret) -> Told:
    secret.place()
    series, child = str(secret.session.series_id), str(secret.family.child.pk)
    session = str(secret.session.pk)
    done = TermPublication.objects.create(
        term=secret.group.term,
        at=NOW,
        changes={series: {"added": [session], "changed": [[session, _was(secret)]], "removed": []}},
        fingerprint="",
        added=1,
        changed=1,
        removed=0,
        told=1,
    )
    return {"publication": str(done.pk), "people": [child], "series": {series: [child]}}, secret.family.guardian


@scene("taken_over")
def a_date_taken_over(secret: Secret) -> Told:
    return {"centre": str(secret.centre.pk), "sessions": [str(secret.session.pk)]}, secret.specialist.person


@scene("visit_booked", "visit_moved", "visit_reassigned", "visit_reminder")
def a_visit(secret: Secret) -> Told:
    return _visit(secret, "booked")


@scene("visit_offered")
def a_visit_offered(secret: Secret) -> Told:
    return _visit(secret, "offered")


@scene("visit_cancelled")
def a_visit_cancelled(secret: Secret) -> Told:
    return _visit(secret, "cancelled")


@scene("visits_booked")
def a_series_of_visits(secret: Secret) -> Told:
    facts, reader = _visit(secret, "booked")
    other, _reader = _visit(secret, "booked")
    return {**facts, "visits": [facts["visit"], other["visit"]]}, reader


def _visit(secret: Secret, status: str) -> Told:
    visit = make_visit(
        secret.family.child,
        service=secret.service,
        specialist=secret.specialist.resource,
        room=secret.room,
        status=status,
        expires_at=NOW + timedelta(days=1),
    )
    facts = {
        "visit": str(visit.pk),
        "sequence": 0,
        "people": [str(secret.family.child.pk)],
        "note": "Psychoterapeutka zachorowała",
        "was": _was(secret),
    }
    return facts, secret.family.guardian


@scene("referral_invited")
def a_referral(secret: Secret) -> Told:
    referral = Referral.objects.create(
        person=secret.family.child,
        service=secret.service,
        source="doctor",
        referrer_name="Poradnia psychologiczna, psychiatra",
        due_on=DATE,
        made_at=NOW,
        link_until=DATE,
    )
    return {"referral": str(referral.pk)}, secret.family.guardian


@scene("calendar_stale")
def calendar_stale(secret: Secret) -> Told:
    before = NOW - timedelta(days=3)
    facts = {"added_at": before, "next_fetch_at": NOW, "refused": "calendar_unreachable"}
    calendar = BusyCalendar(
        resource=secret.specialist.resource, name="Poradnia psychologiczna", host="a.example", **facts
    )
    calendar.keep_address("https://a.example/psychoterapia.ics")
    calendar.save()
    return {"calendar": str(calendar.pk)}, secret.specialist.person


@scene("call_back")
def a_call_that_nobody_answered(secret: Secret) -> Told:
    return {"centre": str(secret.centre.pk)}, secret.family.guardian


@scene("hours_changed")
def hours(secret: Secret) -> Told:
    facts = {"specialist": str(secret.specialist.resource_id), "what": "changed", "from_day": "2026-11-25"}
    return {**facts, "waiting": 1, "by": str(secret.organiser.person_id)}, secret.specialist.person


@scene("time_off_entered")
def time_off(secret: Secret) -> Told:
    entered = TimeOff.objects.create(
        member=secret.specialist,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=3),
        kind="other",
        note="Szkolenie z terapii lęku",
        entered_at=NOW,
        changed_at=NOW,
    )
    return {"time_off": str(entered.pk), "open": 1}, secret.organiser.person
