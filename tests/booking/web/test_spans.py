"""Which stretch of days a reader asks for, and the ways from it to others."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from booking.web.span_links import read_way, span_links, stable_query
from booking.web.spans import Span, month_of, span_of, term_at, week_of
from scheduler.models import Term

TODAY = date(2026, 11, 18)
AUTUMN = Term(id=UUID(int=1), name="jesień", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 31))
SPRING = Term(id=UUID(int=2), name="wiosna", starts_on=date(2027, 2, 1), ends_on=date(2027, 6, 25))
COURSE = Term(id=UUID(int=3), name="kurs", starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 27))
TERMS = [AUTUMN, SPRING]


def ways(span: Span, query: str = "", **facts):
    return span_links(QueryDict(query), span, terms=TERMS, today=TODAY, **facts)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31)))
def test_month_holds_all_its_days_and_no_other(day):
    month = month_of(day)
    assert month.holds(day)
    assert month.first.day == 1
    assert (month.last + timedelta(days=1)).day == 1
    assert {each.month for each in month.days} == {day.month}


@pytest.mark.parametrize(
    ("day", "terms", "found"),
    [
        (TODAY, TERMS, AUTUMN),
        (TODAY, [AUTUMN, COURSE], COURSE),
        (date(2026, 8, 1), TERMS, AUTUMN),
        (date(2027, 8, 1), TERMS, SPRING),
        (TODAY, [], None),
    ],
)
def test_term_of_a_day_is_the_one_that_holds_it_else_the_next_else_the_last(day, terms, found):
    assert term_at(day, terms) is found


@pytest.mark.parametrize(
    ("span", "before", "after"),
    [
        (Span("day", TODAY, TODAY), "?span=day&day=2026-11-17", "?span=day&day=2026-11-19"),
        (month_of(date(2026, 12, 5)), "?span=month&month=2026-11", "?span=month&month=2027-01"),
        (week_of(date(2026, 12, 28)), "?week=2026-W52", "?week=2027-W01"),
        (span_of(AUTUMN), None, f"?span=term&term={SPRING.pk}"),
        (span_of(SPRING), f"?span=term&term={AUTUMN.pk}", None),
    ],
)
def test_ways_lead_to_what_comes_before_and_after(span, before, after):
    links = ways(span)
    assert (links.previous, links.next) == (before, after)


def test_other_spans_hold_the_same_day_and_keep_the_filters():
    links = ways(month_of(TODAY), "span=month&month=2026-11&room=7&by=person")
    assert [each.url for each in links.spans] == [
        "?room=7&by=person&span=day&day=2026-11-18",
        "?room=7&by=person&week=2026-W47",
        "?room=7&by=person&span=month&month=2026-11",
        f"?room=7&by=person&span=term&term={AUTUMN.pk}",
    ]
    assert [each.is_shown for each in links.spans] == [False, False, True, False]


def test_present_has_no_way_to_itself():
    assert ways(month_of(TODAY)).present is None
    assert ways(month_of(date(2027, 3, 1))).present == "?span=month&month=2026-11"
    assert ways(span_of(SPRING)).present == f"?span=term&term={AUTUMN.pk}"


def test_link_names_its_days():
    assert stable_query(QueryDict("by=room"), week_of(date(2026, 11, 16))) == "?by=room&week=2026-W47"
    assert stable_query(QueryDict(""), Span("day", TODAY, TODAY)) == "?span=day&day=2026-11-18"


@pytest.mark.parametrize(("asked", "way"), [("room", "room"), ("all", "all"), ("", "place"), ("colour", "place")])
def test_way_of_parting_is_one_that_is_known(asked, way):
    assert read_way(QueryDict(f"by={asked}"), unasked="place") == way


def test_nobody_is_led_centuries_away():
    assert ways(month_of(date(2031, 12, 1))).next is None
    assert ways(month_of(date(2021, 1, 1))).previous is None
