"""Whoever works with children was looked up in every register, with a good outcome, not too long ago."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.safeguarding import Check, Standing, add_months, ends_soon, note_check, standing_of, standings
from booking.errors import Refused
from booking.models import Policy, SafeguardingCheck
from tests.factories import NOW, TODAY, make_staff
from tests.factories_staffing import CHECKED_ON, make_checks

ALL = ("rspts", "commission", "krk")


def checks(on: date = CHECKED_ON, *, ok: bool = True, kinds: tuple[str, ...] = ALL) -> list[Check]:
    return [Check(kind, on, ok) for kind in kinds]


def standing(found: list[Check], *, foreign: bool = False, on: date = TODAY) -> Standing:
    return standing_of(found, needs_foreign=foreign, months=24, on=on)


def test_three_good_checks_hold_for_two_years():
    assert standing(checks()) == Standing(verified=True, until=date(2028, 9, 1))
    assert standing(checks(), on=date(2028, 8, 31)).verified
    assert not standing(checks(), on=date(2028, 9, 1)).verified


@pytest.mark.parametrize("missing", ALL)
def test_one_register_less_is_too_few(missing):
    found = standing(checks(kinds=tuple(kind for kind in ALL if kind != missing)))
    assert found == Standing(verified=False, missing=(missing,))


def test_the_latest_outcome_counts_whatever_was_before():
    later = [Check("krk", date(2026, 10, 1), ok=False)]
    assert standing([*checks(), *later]) == Standing(verified=False, missing=("krk",))
    again = [Check("krk", date(2026, 11, 1), ok=True)]
    assert standing([*checks(), *later, *again]).verified


def test_who_lived_abroad_needs_a_certificate_or_a_statement_too():
    assert standing(checks(), foreign=True).missing == ("foreign",)
    for kind in ("foreign", "statement"):
        assert standing([*checks(), Check(kind, CHECKED_ON, ok=True)], foreign=True).verified


def test_check_of_tomorrow_does_not_count_today():
    assert not standing(checks(on=date(2026, 11, 17))).verified


@settings(max_examples=40)
@given(st.lists(st.builds(Check, st.sampled_from(ALL), st.dates(date(2023, 1, 1), date(2026, 12, 31)), st.booleans())))
def test_verified_means_that_each_register_was_good_last_and_still_holds(found):
    def holds(kind: str) -> bool:
        own = sorted(
            (each for each in found if each.kind == kind and each.checked_on <= TODAY), key=lambda e: e.checked_on
        )
        return bool(own) and own[-1].ok and add_months(own[-1].checked_on, 24) > TODAY

    days = [(each.kind, each.checked_on) for each in found]
    if len(days) == len(set(days)):  # a register is noted once a day, the database says so
        assert standing(found).verified == all(holds(kind) for kind in ALL)


def test_months_end_on_the_last_day_of_a_shorter_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 15) == date(2028, 2, 29)


def test_end_is_announced_before():
    soon = Standing(verified=True, until=date(2026, 12, 1))
    assert ends_soon(soon, on=TODAY, days=30)
    assert not ends_soon(soon, on=TODAY, days=10)


@pytest.mark.django_db
def test_centre_may_set_how_long_checks_hold(django_assert_num_queries):
    member, other = make_checks(make_staff(), on=date(2025, 9, 1)), make_staff()
    assert standings([member], on=TODAY)[member.pk].verified
    Policy.objects.create(
        centre=member.centre, key=Policy.Key.CHECK_MONTHS, value=12, valid_from=date(2026, 1, 1), source="zarządzenie"
    )
    with django_assert_num_queries(2):
        assert not standings([member], on=TODAY)[member.pk].verified
    assert not standings([other], on=TODAY)[other.pk].verified


@pytest.mark.django_db
def test_check_is_noted_once_a_day_with_who_made_it():
    member, organiser = make_staff(), make_staff().person.account
    for ok in (False, True):
        note_check(member_id=member.pk, kind="krk", checked_on=TODAY, ok=ok, by=organiser, now=NOW)
    noted = SafeguardingCheck.objects.get()
    assert (noted.ok, noted.checked_by) == (True, organiser)


@pytest.mark.django_db
def test_check_in_the_future_is_refused():
    member = make_staff()
    with pytest.raises(Refused, match="check_in_future"):
        note_check(member_id=member.pk, kind="krk", checked_on=date(2026, 11, 17), ok=True, by=None, now=NOW)
    assert not SafeguardingCheck.objects.exists()
