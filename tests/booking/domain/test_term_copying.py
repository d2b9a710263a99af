"""A term is copied with new dates: the weekday and the place in the term are kept, nobody else sees it."""

from __future__ import annotations

from datetime import date, time

import pytest

from booking.domain.term_copying import copy_term
from scheduler.domain.planning import draft_line
from scheduler.domain.series_facts import SeriesFacts
from scheduler.models import Recurrence, Series
from scheduler.recurrence import planned_dates
from tests.factories import (
    make_series,
    make_term,
)

pytestmark = pytest.mark.django_db

NEXT = {"name": "2027/28", "starts_on": date(2027, 9, 1), "ends_on": date(2028, 6, 23)}


def copied_days(**facts) -> list[date]:
    """Return the dates in the next school year of a line copied from this one."""
    term = make_term()
    make_series(term, published=False, **facts)
    ((_old, new),) = copy_term(term_id=term.pk, **NEXT).series
    return [each.day for each in planned_dates(Series.objects.with_pattern().get(pk=new.pk))]


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({"day": date(2026, 9, 2)}, date(2027, 9, 1)),  # the first Wednesday stays the first Wednesday
        ({"day": date(2026, 10, 7)}, date(2027, 10, 6)),  # the sixth stays the sixth
        ({"day": date(2026, 9, 9), "recurrence": Recurrence.FORTNIGHTLY}, date(2027, 9, 8)),
        ({"day": date(2026, 12, 18), "recurrence": Recurrence.ONCE}, date(2027, 12, 17)),
        ({"day": date(2026, 9, 4), "recurrence": Recurrence.FIRST_THIRD_IN_MONTH}, date(2027, 9, 3)),
        ({"day": date(2027, 2, 5), "recurrence": Recurrence.FIRST_IN_MONTH}, date(2028, 2, 4)),
        ({"day": date(2026, 9, 15), "recurrence": Recurrence.MONTHLY_BY_DATE}, date(2027, 9, 15)),
        ({"day": date(2026, 12, 6), "recurrence": Recurrence.YEARLY}, date(2027, 12, 6)),
        ({"day": date(2027, 3, 24), "recurrence": Recurrence.EASTER}, date(2028, 4, 12)),  # Easter 2028: 16 April
    ],
)
def test_line_keeps_its_weekday_and_its_place_in_the_term(facts, first):
    assert copied_days(**facts)[0] == first


def test_several_weekdays_are_kept_from_the_first_week_on():
    term = make_term()
    facts = SeriesFacts("Świetlica", date(2026, 9, 2), time(13), time(14), weekdays=(0, 2))
    draft_line(term=term, facts=facts)
    ((_old, new),) = copy_term(term_id=term.pk, **NEXT).series
    days = [each.day for each in planned_dates(Series.objects.with_pattern().get(pk=new.pk))]
    assert days[:3] == [date(2027, 9, 1), date(2027, 9, 6), date(2027, 9, 8)]
