"""Planning a school year whose breaks nobody has entered is said, once, and needs a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from booking.domain.series_drafts import draft_line
from booking.domain.term_publishing import plan_term
from scheduler.domain.series_facts import SeriesFacts
from scheduler.models import SchoolBreak, Series
from tests.factories import make_centre, make_term

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 8, 1, tzinfo=UTC)


def findings(*, starts_on: date, ends_on: date, on_breaks: str = Series.OnBreaks.REST) -> list[str]:
    term = make_term(make_centre().timetable, starts_on=starts_on, ends_on=ends_on)
    facts = SeriesFacts(title="Taniec", day=starts_on, starts=time(16), ends=time(17), on_breaks=on_breaks)
    for _number in range(2):
        draft_line(term=term, facts=facts)
    return [
        str(each.sentence) for each in plan_term(term_id=term.pk, now=NOW).findings if each.code == "breaks_unknown"
    ]


def test_unknown_winter_is_said_once_with_its_school_year():
    (sentence,) = findings(starts_on=date(2027, 9, 1), ends_on=date(2028, 6, 23))
    assert "2027/2028" in sentence


def test_known_winter_and_lines_that_run_through_breaks_are_fine():
    year = {"starts_on": date(2027, 9, 1), "ends_on": date(2028, 6, 23)}
    assert not findings(**year, on_breaks=Series.OnBreaks.RUN)
    assert not findings(starts_on=date(2027, 9, 1), ends_on=date(2027, 12, 17))
    SchoolBreak.objects.create(
        kind="winter", voivodeship="24", starts_on=date(2028, 1, 17), ends_on=date(2028, 1, 30), source="test"
    )
    assert not findings(**year)
