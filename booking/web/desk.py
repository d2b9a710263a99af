"""The desk: one search box, and the card of a family with everything needed while it stands there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.domain.access_log import note_reading
from booking.domain.barred_leaders import barred_leaders
from booking.domain.call_list import messages_of_desk
from booking.domain.caseload import assistants_of
from booking.domain.people_care import mark_privacy_notice
from booking.domain.people_search import MOST_FOUND, find_families
from booking.models import (
    CardReading,
    Enrolment,
    FamilyCase,
    Guardianship,
    Household,
    HouseholdMember,
    Offer,
    Person,
    Referral,
    ReferralRequest,
)
from booking.models.enrolment import LIVE
from booking.models.household import week_letter
from booking.web.desk_access import Desk
from booking.web.offer_words import full_name
from notifications.models import Message

TOLD_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a household as the card shows her."""

    person: Person
    member: HouseholdMember
    age: int | None
    guardians: list[Guardianship]
    places: list[tuple[Enrolment, str]]
    other_homes: list[HouseholdMember]
    here_this_week: bool

    @property
    def is_child(self) -> bool:
        """Whether somebody is her guardian."""
        return bool(self.guardians)

    @property
    def is_barred_by(self) -> list[Guardianship]:
        """Who must have no contact."""
        return [right for right in self.guardians if right.contact_ban]


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find a family by whatever it says, or begin a new one."""
    desk = Desk.of(request)
    text = request.GET.get("q", "")[:100]
    found = find_families(text=text, user=desk.account, on=desk.today)
    to_tell = messages_of_desk(centre=desk.centre, user=desk.account, on=desk.today)
    on_paper = Person.objects.filter(reach__in=[Person.Reach.LETTER, Person.Reach.SCHOOL]).values("pk")
    facts = {
        "centre": desk.centre,
        "text": text,
        "found": found,
        "cut": sum(len(each.people) for each in found) >= MOST_FOUND,
        "to_call": to_tell.count(),
        "letters": to_tell.filter(recipient_id__in=on_paper).values("recipient_id").distinct().count(),
        "to_approve": desk.enrolments().to_decide().count(),
        "referrals": _referrals_to_act_on(desk),
        "has_assistants": bool(assistants_of(desk.centre, on=desk.today)),
    }
    return render(request, "booking/desk/search.html", facts)


def _referrals_to_act_on(desk: Desk) -> int:
    """Return how many referrals need somebody today: sent in and unanswered, overdue, or not invited yet."""
    mine = Referral.objects.of_desk(desk.account, desk.today).filter(service__centre=desk.centre).unbooked()
    sent = ReferralRequest.objects.of_desk(desk.account, desk.today).waiting().filter(service__centre=desk.centre)
    return mine.filter(Q(due_on__lt=desk.today) | Q(invited_at=None)).distinct().count() + sent.count()


@login_required
@require_safe
def card(request: HttpRequest, household_id: uuid.UUID) -> HttpResponse:
    """Show a family; that it was shown is written down."""
    desk = Desk.of(request)
    household = desk.household(household_id)
    if household.pk != household_id:
        return redirect("desk-family", household.pk)
    with timezone.override(household.centre.timetable.tz):
        rows = _rows(household, desk.today)
        barred = _barred(rows, desk)
        people = [row.person for row in rows]
        note_reading(
            people=people, reader=desk.account, centre=household.centre, page=CardReading.Page.CARD, now=desk.now
        )
        about = Message.objects.filter(recipient_id__in=[person.pk for person in people])
        facts = {
            "centre": household.centre,
            "household": household,
            "rows": rows,
            "barred": barred,
            "adults": [row for row in rows if not row.is_child],
            "week": week_letter(desk.today).label,
            "referrals": Referral.objects.of_desk(desk.account, desk.today)
            .open()
            .filter(person__in=people)
            .select_related("person", "service", "appointment")
            .by_deadline(),
            "today": desk.today,
            "case": FamilyCase.objects.open().filter(household=household).select_related("member__person").first(),
            "has_assistants": bool(assistants_of(household.centre, on=desk.today)),
            "to_call": about.for_the_desk(),
            "told": about.exclude(state=Message.State.AT_DESK).order_by("-created_at")[:TOLD_SHOWN],
            "crumbs": crumbs(household.name),
        }
        return render(request, "booking/desk/card.html", facts)


@login_required
@require_POST
def privacy_notice(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Note that the privacy notice was handed over."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    mark_privacy_notice(person=person, on=desk.today)
    messages.success(request, _("Noted: the privacy notice was handed over."))
    return redirect("desk-family", desk.household_of(person).pk)


def crumbs(*labels: str, household: Household | None = None) -> list[dict[str, str]]:
    """Return the way back: the desk, the family if given, then what stands here."""
    ways = [{"url": reverse("desk"), "label": _("Desk")}]
    if household is not None:
        ways.append({"url": reverse("desk-family", args=[household.pk]), "label": household.name})
    return [*ways, *({"url": "", "label": label} for label in labels)]


def _rows(household: Household, today: date) -> list[Row]:
    """Return the people of a household with their rights and places, adults first, in five queries."""
    here = HouseholdMember.objects.filter(household=household)
    places = Enrolment.objects.filter(group__activity__centre=household.centre_id, status__in=LIVE)
    homes = HouseholdMember.objects.filter(household__centre=household.centre_id).exclude(household=household)
    people = here.select_related("person__account", "person__safe_contact").prefetch_related(
        Prefetch("person__guardians", Guardianship.objects.select_related("guardian").order_by("guardian__sort_name")),
        Prefetch(
            "person__enrolments",
            places.with_position()
            .select_related("group__activity")
            .prefetch_related(Prefetch("offers", Offer.objects.open()))
            .order_by("created_at"),
        ),
        Prefetch("person__householdmember_set", homes.select_related("household")),
    )
    rows = [_row(member, today) for member in people.order_by("person__birth_date", "person__sort_name", "pk")]
    return sorted(rows, key=lambda row: row.is_child)


def _barred(rows: list[Row], desk: Desk) -> list[tuple[Person, Person, str]]:
    """Return which child goes to a group that somebody leads who must have no contact with her."""
    names = {(place.group_id, place.child_id): (row.person, name) for row in rows for place, name in row.places}
    groups, children = {group for group, _child in names}, {child for _group, child in names}
    found = barred_leaders(groups, on=desk.today, now=desk.now, children=children) if names else {}
    return [(leader, *names[meeting]) for meeting, leaders in found.items() for leader in leaders]


def _row(member: HouseholdMember, today: date) -> Row:
    person = member.person
    return Row(
        person=person,
        member=member,
        age=person.age_on(today),
        guardians=list(person.guardians.all()),
        places=[(place, full_name(place.group)) for place in person.enrolments.all()],
        other_homes=list(person.householdmember_set.all()),
        here_this_week=member.is_here_on(today),
    )
