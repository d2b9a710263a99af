"""What the demo knows of confidential help: consents to it, a decision, a safe contact, referrals and walk-ins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from booking.management.demo.centres import OpenCentre
from booking.management.demo.shapes import Texts, demo_id
from booking.models import (
    Account,
    Appointment,
    CareDecision,
    Consent,
    ConsentPurpose,
    ConsentText,
    Guardianship,
    Person,
    Referral,
    ReferralRequest,
    Role,
    SafeContact,
    SmsConsent,
    StaffMember,
    StaffRole,
    WalkIn,
)

QUIET = ("psychoterapia", "psycholog", "psychiatra", "mediacje", "interwencja")
NAME = Texts("Pomoc specjalisty dla dziecka", "Help of a specialist for the child", "Допомога спеціаліста для дитини")
WORDS = Texts(
    "Zgadzam się, aby moje dziecko korzystało z wizyt u specjalisty centrum. Zgodę wyrażają wszyscy opiekunowie, "
    "którzy mają do tego prawo. Można ją wycofać w każdej chwili.",
    "I agree that my child has visits with a specialist of the centre. All guardians with the right to do so agree. "
    "The consent can be withdrawn at any time.",
    "Я погоджуюся, щоб моя дитина відвідувала спеціаліста центру. Згоду дають усі опікуни, які мають на це право. Її "
    "можна відкликати будь-коли.",
)
WALK_INS = ((1, 11, 40, "female", "adult"), (2, 10, 25, "male", "teenager"), (3, 12, 60, "female", "senior"))


def store_safety(opened: OpenCentre, people: Mapping[str, Person], *, by: Account, today: date, now: datetime) -> None:
    """Store it for the centre of the story; nobody is told anything."""
    if "zofia" not in people:
        return
    _trust(opened)
    _store_consent(opened, people, by=by, now=now)
    _store_decision(people, by=by, today=today, now=now)
    contact = {"channel": "phone", "phone": people["phone_only"].phone, "from_hour": 9, "until_hour": 17}
    words = {"discreet": True, "note": "Rozmawiać tylko z panią Jadwigą."}
    SafeContact.objects.create(person=people["phone_only"], **contact, **words, recorded_by=by, recorded_at=now)
    _allow_sms(people, by=by, now=now)
    _store_referrals(opened, people, by=by, today=today, now=now)
    _store_request(opened, today=today, now=now)
    _store_walk_ins(opened, now=now)


def _allow_sms(people: Mapping[str, Person], *, by: Account, now: datetime) -> None:
    """Let three have agreed to SMS: one who reads mail too, one who is called otherwise, one who reads Ukrainian."""
    for key in ("parent", "bielak", "parent_ukrainian"):
        person = people[key]
        person.sms_phone = person.phone
        person.save(update_fields=["sms_phone"])
        SmsConsent.objects.create(
            id=demo_id("consent to SMS", person.pk), person=person, phone=person.phone, by=by, at=now
        )


def _trust(opened: OpenCentre) -> None:
    """Let the coordinator see sensitive visits at the desk; the organiser does not."""
    member = StaffMember.objects.get(person=opened.staff["coordinator"], centre=opened.centre)
    StaffRole.objects.create(member=member, role=Role.CONFIDANT)


def _store_consent(opened: OpenCentre, people: Mapping[str, Person], *, by: Account, now: datetime) -> None:
    """Let both parents of one child have agreed to help of specialists, and one parent of her sister."""
    slug = opened.facts.slug
    purpose = ConsentPurpose.objects.create(
        id=demo_id(slug, "purpose", NAME.en),
        centre=opened.centre,
        all_guardians=True,
        **{f"name_{language}": getattr(NAME, language) for language in ("pl", "en", "uk")},
    )
    purpose.services.set([opened.services[key] for key in QUIET])
    text = ConsentText.objects.create(
        id=demo_id(slug, "consent text", NAME.en),
        purpose=purpose,
        version=1,
        valid_from=opened.term.starts_on,
        **{f"body_{language}": getattr(WORDS, language) for language in ("pl", "en", "uk")},
    )
    for number, (child, guardian) in enumerate(
        (("zofia", "parent"), ("zofia", "co_parent"), ("hanna", "parent")), start=1
    ):
        Consent.objects.create(
            id=demo_id("consent", text.pk, child, guardian),
            child=people[child],
            purpose=purpose,
            text=text,
            text_digest=text.digest,
            language="pl",
            given_by=people[guardian],
            way=Consent.Way.PAPER,
            given_on=text.valid_from,
            paper_place=f"segregator 5, karta {number}",
            recorded_by=by,
            recorded_at=now,
        )


def _store_decision(people: Mapping[str, Person], *, by: Account, today: date, now: datetime) -> None:
    """Hide visits from the guardian who must have no contact; her child's court stands in for his consent."""
    barred = Guardianship.objects.filter(guardian=people["barred_guardian"]).order_by("pk").first()
    if barred is None:
        return
    facts = {"person": barred.child, "reference": "III Nsm 12/26", "starts_on": today, "recorded_at": now}
    for kind, guardian in (("hidden", barred.guardian), ("consent", None)):
        key = demo_id("decision", kind, barred.child_id)
        CareDecision.objects.create(id=key, kind=kind, guardian=guardian, recorded_by=by, **facts)


def _store_referrals(
    opened: OpenCentre, people: Mapping[str, Person], *, by: Account, today: date, now: datetime
) -> None:
    """Let a school have sent three children: one is overdue, one was invited, one has just been entered."""
    children = [people["danylo"], people["zofia"], people["hanna"]]
    facts = (("psycholog", "urgent", -2, True), ("budzet", "soon", 9, True), ("prawnik", "normal", 21, False))
    for child, (service, priority, days, invited) in zip(children, facts, strict=True):
        Referral.objects.create(
            id=demo_id("referral", child.pk, service),
            person=child,
            service=opened.services[service],
            source=Referral.Source.SCHOOL,
            referrer=opened.staff["referrer"],
            referrer_name="Szkoła Podstawowa nr 2, Beata Dzwonek",
            priority=priority,
            due_on=today + timedelta(days=days),
            made_by=by,
            made_at=now - timedelta(days=7),
            invited_at=now - timedelta(days=6) if invited else None,
            link_until=today + timedelta(days=24) if invited else None,
        )


def _store_request(opened: OpenCentre, *, today: date, now: datetime) -> None:
    """Let the school have sent in somebody whom the desk has not looked for yet."""
    ReferralRequest.objects.create(
        id=demo_id(opened.facts.slug, "sent referral"),
        service=opened.services["psycholog"],
        source=Referral.Source.SCHOOL,
        referrer=opened.staff["referrer"],
        referrer_name="Szkoła Podstawowa nr 2, Beata Dzwonek",
        given_name="Jagoda",
        family_name="Nowomiejska",
        birth_date=date(today.year - 9, 5, 14),
        contact_name="Alicja Nowomiejska, mama",
        phone="+48100999001",
        priority=Referral.Priority.SOON,
        due_on=today + timedelta(days=12),
        sent_at=now - timedelta(hours=9),
    )


def _store_walk_ins(opened: OpenCentre, *, now: datetime) -> None:
    """Let a few people have come to the crisis interventionist without an appointment and without a name."""
    for days, hour, minutes, sex, age in WALK_INS:
        starts_at = now - timedelta(days=days) + timedelta(hours=hour)
        visit = Appointment.objects.create(
            id=demo_id(opened.facts.slug, "walk-in", days),
            service=opened.services["interwencja"],
            specialist=opened.resources["IK"],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            status=Appointment.Status.HELD,
            minutes=minutes,
            source=Appointment.Source.AFTERWARDS,
            created_at=now,
            changed_at=now,
        )
        WalkIn.objects.create(appointment=visit, sex=sex, age=age)
