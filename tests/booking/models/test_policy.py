"""A number is set once for a day: for one centre, and for the whole country."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from booking.models import Policy
from tests.factories import TODAY, make_centre

pytestmark = pytest.mark.django_db


def set_number(centre, *, day=TODAY, value=24):
    return Policy.objects.create(
        centre=centre, key=Policy.Key.OFFER_HOURS, value=value, valid_from=day, source="a test"
    )


@pytest.mark.parametrize("of_country", [True, False])
def test_number_is_set_once_for_a_day(of_country):
    centre = None if of_country else make_centre()
    set_number(centre)
    with pytest.raises(IntegrityError), transaction.atomic():
        set_number(centre, value=48)
    assert Policy.objects.filter(key=Policy.Key.OFFER_HOURS).count() == 1


def test_centres_the_country_and_other_days_do_not_meet():
    centre = make_centre()
    for owner in (None, centre, make_centre()):
        set_number(owner)
    set_number(centre, day=TODAY + timedelta(days=1), value=12)
    assert Policy.objects.filter(key=Policy.Key.OFFER_HOURS).count() == 4


def test_limit_of_groups_allows_one_at_least():
    facts = {"key": Policy.Key.GROUPS_PER_CHILD, "valid_from": TODAY, "source": "a test"}
    with pytest.raises(IntegrityError, match="limit_of_groups_allows_one_at_least"), transaction.atomic():
        Policy.objects.create(value=0, **facts)
    assert Policy.objects.create(value=1, **facts).value == 1
