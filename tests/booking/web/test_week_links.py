"""Which week is asked for, and the ways to others."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict
from django.utils.translation import override

from booking.web.week_links import UnknownWeek, read_view, read_week, say_days, week_links

TODAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("query", "monday"),
    [
        ("", MONDAY),
        ("week=", MONDAY),
        ("week=2026-W49", date(2026, 11, 30)),
        ("week=2026-W53", date(2026, 12, 28)),
        ("from=2026-11-29", MONDAY),
        ("from=2027-01-01", date(2026, 12, 28)),
        ("week=2026-W49&from=2027-01-01", date(2026, 11, 30)),
    ],
)
def test_week_is_read(query, monday):
    assert read_week(QueryDict(query), today=TODAY) == monday


@pytest.mark.parametrize(
    "query",
    [
        "week=2026-W54",
        "week=2027-W53",
        "week=2026-W00",
        "week=0000-W01",
        "week=0001-W01",
        "week=9999-W52",
        "week=9999-W53",
        "week=2026-48",
        "week=²⁰²⁶-W48",
        "week=٢٠٢٦-W48",
        "week=99999999999999999999-W01",
        "from=2026-02-30",
        "from=0001-01-01",
        "from=9999-12-31",
        "from=20261125",
        "from=tomorrow",
        "from=2026-11-25T10:00",
    ],
)
def test_week_that_is_none_is_refused(query):
    with pytest.raises(UnknownWeek):
        read_week(QueryDict(query), today=TODAY)


def test_ways_keep_view_and_filters():
    links = week_links(QueryDict("view=list&age=7&age=11&from=2026-11-25"), monday=MONDAY, today=date(2026, 9, 1))
    assert links.previous == "?view=list&age=7&age=11&week=2026-W47"
    assert links.next == "?view=list&age=7&age=11&week=2026-W49"
    assert links.present == "?view=list&age=7&age=11"
    assert links.grid == "?age=7&age=11&from=2026-11-25"
    assert links.list == "?age=7&age=11&from=2026-11-25&view=list"


def test_ways_end_where_the_timetable_does():
    monday = date(2031, 12, 29)
    links = week_links(QueryDict(""), monday=monday, today=TODAY)
    assert links.next is None
    assert links.previous == "?week=2031-W52"


def test_this_week_has_no_way_to_itself():
    assert week_links(QueryDict(""), monday=MONDAY, today=TODAY).present is None


def test_months_are_named_and_the_shown_one_marked():
    with override("pl"):
        months = week_links(QueryDict("view=list"), monday=MONDAY, today=TODAY).months
    assert [month.label for month in months][:4] == [
        "wrzesień 2026",
        "październik 2026",
        "listopad 2026",
        "grudzień 2026",
    ]
    assert [month.label for month in months if month.is_shown] == ["listopad 2026"]
    assert months[3].url == "?view=list&week=2026-W49"


@pytest.mark.parametrize(
    ("language", "first", "last", "words"),
    [
        ("pl", date(2026, 11, 23), date(2026, 11, 29), "23–29 listopada 2026"),
        ("pl", date(2026, 11, 30), date(2026, 12, 6), "30 listopada – 6 grudnia 2026"),
        ("pl", date(2026, 12, 28), date(2027, 1, 3), "28 grudnia 2026 – 3 stycznia 2027"),
        ("pl", date(2026, 12, 24), date(2026, 12, 24), "24 grudnia 2026"),
        ("en", date(2026, 11, 30), date(2026, 12, 6), "30 November – 6 December 2026"),
        ("uk", date(2026, 11, 23), date(2026, 11, 29), "23–29 листопада 2026"),
    ],
)
def test_days_are_said_in_words(language, first, last, words):
    with override(language):
        assert say_days(first, last) == words


def test_unknown_view_is_the_grid():
    assert [read_view({"view": view}) for view in ("list", "grid", "poster", "")] == ["list", "grid", "grid", "grid"]
