"""What the demo promises in numbers is true in the database."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, F, Q

from booking.domain.timetable_checks import check_sessions
from booking.management.demo import bojszowy, klobuck
from booking.models import (
    Activity,
    Centre,
    CoverTask,
    Enrolment,
    Group,
    Guardianship,
    Household,
    HouseholdMember,
    Person,
    Service,
    StaffMember,
)
from booking.models.enrolment import HOLDING
from notifications.models import Message
from scheduler.domain.publishing import plan_publication
from scheduler.models import Resource, Series, Session
from tests.booking.management.conftest import NOON, TODAY, Cards

pytestmark = pytest.mark.django_db

KLOBUCK, BOJSZOWY = "demo-klobuck", "demo-bojszowy"


def people_of(slug: str) -> list[Person]:
    return list(Person.objects.filter(households__centre__slug=slug).distinct())


def is_child(person: Person) -> bool:
    age = person.age_on(TODAY)
    assert age is not None
    return age < 18


def test_klobuck_supports_204_people_in_74_households(demo: Cards) -> None:
    children = [person for person in people_of(KLOBUCK) if is_child(person)]

    assert Household.objects.filter(centre__slug=KLOBUCK).count() == 74
    assert len(people_of(KLOBUCK)) == 204
    assert len(children) == 92
    assert {child.age_on(TODAY) for child in children} == set(range(5, 18))


def test_bojszowy_serves_310_residents(demo: Cards) -> None:
    assert len(people_of(BOJSZOWY)) == 310


def test_every_child_has_a_guardian_and_every_household_an_adult(demo: Cards) -> None:
    for slug in (KLOBUCK, BOJSZOWY):
        children = {person.pk for person in people_of(slug) if is_child(person)}
        guarded = set(Guardianship.objects.filter(child__in=children).values_list("child", flat=True))
        assert guarded == children
    adults = {person.pk for person in Person.objects.all() if person.birth_date and not is_child(person)}
    for household in Household.objects.prefetch_related("members"):
        assert any(member.pk in adults for member in household.members.all()), household


def test_guardians_without_email_are_nine_three_of_them_without_phone(demo: Cards) -> None:
    guardians = Person.objects.filter(guardian_of__child__households__centre__slug=KLOBUCK).distinct()
    silent = guardians.filter(email="")

    assert silent.count() == 9
    assert silent.filter(phone="", reach=Person.Reach.LETTER).count() == 3
    assert silent.filter(reach=Person.Reach.EMAIL).count() == 0


def test_eleven_households_are_told_things_in_ukrainian(demo: Cards) -> None:
    adults = Person.objects.filter(guardian_of__isnull=False, language="uk")
    assert Household.objects.filter(centre__slug=KLOBUCK, members__in=adults).distinct().count() == 11


def test_one_child_has_two_homes(demo: Cards) -> None:
    homes = HouseholdMember.objects.filter(household__centre__slug=KLOBUCK)
    twice = homes.values("person__given_name").annotate(homes=Count("household")).filter(homes__gt=1)
    names = Person.objects.annotate(homes=Count("households")).filter(homes=2)

    assert [str(person) for person in names] == ["Igor Pawlik"]
    assert twice.filter(person__given_name="Igor").exists()


def test_day_care_has_30_children_on_30_places_and_had_42(demo: Cards) -> None:
    facility = Enrolment.objects.filter(group__name__in=["Maluchy", "Starszaki"])

    assert facility.holding().count() == 30
    assert facility.values("child").distinct().count() == 42
    assert Counter(facility.values_list("status", flat=True)) == {"enrolled": 30, "ended": 6, "withdrawn": 6}


def test_places_taken_are_the_live_enrolments(demo: Cards) -> None:
    counted = Group.objects.annotate(live=Count("enrolments", filter=Q(enrolments__status__in=HOLDING)))
    assert list(counted.exclude(places_taken=F("live"))) == []
    assert list(Group.objects.filter(places_taken=0)) == []


def test_every_place_obeys_the_rules_of_enrolling(demo: Cards) -> None:
    """Nobody has a place outside the ages of the group, or in two activities at once."""
    busy: dict[object, list[tuple[object, object, str]]] = {}
    for enrolment in Enrolment.objects.holding().select_related("group__activity", "child"):
        group, age = enrolment.group, enrolment.child.age_on(TODAY)
        assert age is not None
        assert (group.age_from or 0) <= age <= (group.age_until or 200), enrolment
        if group.activity.kind != Activity.Kind.DAY_CARE:
            busy.setdefault(enrolment.child_id, []).extend(meetings(group))
    for periods in busy.values():
        assert len(periods) == len({start for start, _, _ in periods})
        ordered = sorted(periods, key=lambda each: str(each[0]))
        for (_, ends, title), (starts, _, other) in pairwise(ordered):
            assert str(ends) <= str(starts), (title, other)


def meetings(group: Group) -> list[tuple[object, object, str]]:
    found = Session.objects.filter(series__groups=group).order_by("starts_at")[:30]
    return [(session.starts_at, session.ends_at, group.name) for session in found]


@pytest.mark.parametrize(
    ("slug", "rows", "hours", "resources"), [(KLOBUCK, 79, 112.5, (9, 17)), (BOJSZOWY, 22, 89, (12, 14))]
)
def test_weekly_rows_are_all_there(demo: Cards, slug: str, rows: int, hours: float, resources: tuple[int, int]) -> None:
    """76 rows of 99 hours, a volunteer's circle and two days in the field; 22 rows of 89 hours, a hall with halves."""
    series = list(Series.objects.filter(timetable__centre__slug=slug).with_pattern())
    lengths = [(line.event.end - line.event.start).total_seconds() / 3600 for line in series]

    assert len(series) == rows
    assert sum(lengths) == hours
    own = Resource.objects.filter(timetable__centre__slug=slug)
    assert (own.rooms().count(), own.specialists().count()) == resources


def test_every_row_belongs_to_a_group_or_a_service(demo: Cards) -> None:
    loose = Series.objects.filter(groups__isnull=True, services__isnull=True)
    meal = Series.objects.filter(title="Posiłek").first()

    assert list(loose) == []
    assert meal is not None
    assert set(meal.groups.values_list("name", flat=True)) == {"Maluchy", "Starszaki"}


def test_series_are_seen_as_their_service_allows(demo: Cards) -> None:
    seen = set(Series.objects.values_list("services__sensitivity", "kind", "audience").distinct())
    assert seen == {
        (None, "meeting", "public"),
        (None, "meeting", "participants"),
        ("normal", "duty", "participants"),
        ("sensitive", "duty", "staff"),
    }


def test_publishing_again_changes_nothing(demo: Cards) -> None:
    plan = plan_publication(series_ids=Series.objects.values_list("pk", flat=True), now=NOON)
    assert plan.is_empty
    assert plan.clashes == []


def test_childrens_groups_rest_in_the_winter_break_and_specialists_do_not(demo: Cards) -> None:
    winter = Session.objects.filter(planned_date__range=("2027-01-18", "2027-01-31"))

    assert set(winter.values_list("series__kind", flat=True)) == {"duty", "meeting"}
    assert list(winter.filter(series__groups__age_until__lt=18)) == []
    assert not Session.objects.filter(planned_date="2026-12-24").exists()


def test_catalogue_speaks_three_languages(demo: Cards) -> None:
    offers: list[Any] = [*Activity.objects.all(), *Service.objects.all()]
    for offer in offers:
        texts = {getattr(offer, f"{field}_{language}") for field in ("name", "summary") for language in ("en", "uk")}
        assert all(texts), offer
        assert offer.name_pl, offer
        assert any("а" <= letter <= "я" for letter in offer.summary_uk.lower()), offer
    assert Service.objects.filter(centre__slug=KLOBUCK).count() == len(klobuck.CENTRE.services)
    assert Service.objects.filter(centre__slug=BOJSZOWY).count() == len(bojszowy.CENTRE.services)


def test_nobody_is_written_to_by_loading_and_the_desk_has_a_call_and_a_letter(demo: Cards) -> None:
    assert set(Message.objects.values_list("state", "channel", "kind")) == {
        ("at_desk", "desk", "offered"),
        ("at_desk", "desk", "enrolled"),
    }


def test_addresses_and_numbers_belong_to_nobody(demo: Cards) -> None:
    emails = Person.objects.exclude(email="").values_list("email", flat=True)
    phones = Person.objects.exclude(phone="").values_list("phone", flat=True)

    assert {email.rpartition("@")[2] for email in emails} == {"example.org", "example.com"}
    assert all(phone.startswith("+481") for phone in phones)
    assert len(set(phones)) == len(phones)


def test_staff_of_the_demo_may_work_with_children_and_nothing_speaks_against_its_weeks(demo: Cards) -> None:
    for slug in (KLOBUCK, BOJSZOWY):
        centre = Centre.objects.select_related("timetable").get(slug=slug)
        coming = Session.objects.of_timetable(centre.timetable_id).filter(starts_at__lt=NOON + timedelta(days=28))
        found = check_sessions(coming, centre=centre, now=NOON)
        assert {each.code for each in found} <= {"check_expires", "time_off"}, [str(each.sentence) for each in found]


def test_trap_is_caught_when_the_third_educator_is_removed(demo: Cards) -> None:
    lines = Series.objects.filter(title__contains="pozostali z grupy")
    educators = {line.leader for line in lines}
    assert len(educators) == 1
    week = Session.objects.filter(series__in=lines, starts_at__gt=NOON, starts_at__lt=NOON + timedelta(days=7))
    (third,) = educators
    with transaction.atomic():
        StaffMember.objects.filter(resource=third).update(counts_for_ratio=False)
        centre = Centre.objects.select_related("timetable").get(slug=KLOBUCK)
        found = [each for each in check_sessions(week, centre=centre, now=NOON) if each.code == "ratio"]
        transaction.set_rollback(True)
    assert {each.series_id for each in found} == {line.pk for line in lines}


def test_robotics_takes_its_kits_and_the_leave_of_the_demo_waits_for_the_organiser(demo: Cards) -> None:
    kits = Resource.objects.get(kind=Resource.Kind.EQUIPMENT)
    counts = kits.reservations.filter(starts_at__gt=NOON).values("session").annotate(n=Count("pk"))
    assert {row["n"] for row in counts} == {5, 6}
    assert CoverTask.objects.unsettled().count() == 2
