"""What a pattern asks for, compared with a plain walk over the calendar."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from schedule.models import Event, Rule

from scheduler.domain.planning import draft_series
from scheduler.domain.series_facts import SeriesFacts
from scheduler.errors import Refused
from scheduler.models import Recurrence, Series
from scheduler.recurrence import ON_WEEKDAYS, is_missing, planned_dates, planned_period, seeded_rules
from tests.factories import make_series, make_term, make_timetable

WARSAW = ZoneInfo("Europe/Warsaw")
SUMMER_ENDS, SUMMER_STARTS = date(2026, 10, 25), date(2027, 3, 28)
FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)
POSITIONS = {
    Recurrence.FIRST_IN_MONTH: {1},
    Recurrence.SECOND_FOURTH_IN_MONTH: {2, 4},
    Recurrence.FIRST_THIRD_IN_MONTH: {1, 3},
}
ONCE_A_YEAR = (Recurrence.ONCE, Recurrence.YEARLY, Recurrence.EASTER)
EASTER_SUNDAYS = {date(2026, 4, 5), date(2027, 3, 28)}

days = st.dates(FIRST, date(2027, 6, 30))
daytime = st.times(time(6, 0), time(20, 0)).map(lambda moment: moment.replace(second=0, microsecond=0))


def calendar_walk(  # noqa: PLR0911  one answer for each kind of rule
    recurrence: str, day: date, last: date, weekdays: tuple[int, ...] = ()
) -> list[date]:
    """Return the days a rule means, found without any rule: by looking at every day."""
    every = [day + timedelta(days=number) for number in range((last - day).days + 1)]
    if recurrence == Recurrence.ONCE:
        return [day]
    if recurrence == Recurrence.YEARLY:
        return [each for each in every if (each.month, each.day) == (day.month, day.day)]
    if recurrence == Recurrence.MONTHLY_BY_DATE:
        return [each for each in every if each.day == min(day.day, calendar.monthrange(each.year, each.month)[1])]
    if recurrence == Recurrence.EASTER:
        (distance,) = {day - sunday for sunday in EASTER_SUNDAYS if sunday.year == day.year}
        return [each for each in every if each - distance in EASTER_SUNDAYS]
    same = [each for each in every if each.weekday() in (weekdays or (day.weekday(),))]
    if recurrence == Recurrence.LAST_IN_MONTH:
        return [each for each in same if (each + timedelta(days=7)).month != each.month]
    if recurrence in POSITIONS:
        return [each for each in same if (each.day - 1) // 7 + 1 in POSITIONS[Recurrence(recurrence)]]
    if recurrence == Recurrence.FORTNIGHTLY and same:
        monday = same[0] - timedelta(days=same[0].weekday())
        return [each for each in same if (each - monday).days // 7 % 2 == 0]
    return same


def stored(series: Series) -> Series:
    """Return the series as it comes from the database, in UTC."""
    return Series.objects.with_pattern().get(pk=series.pk)


class EveryRule(TestCase):
    """Each example runs in a transaction of its own."""

    @settings(max_examples=60)
    @given(
        st.sampled_from(Recurrence.values),
        days,
        daytime,
        st.integers(15, 180),
        st.dates(FIRST, LAST),
        st.sets(st.integers(0, 6)),
    )
    def test_pattern_is_the_calendars_and_keeps_the_wall_clock(  # noqa: PLR0917  hypothesis gives them in this order
        self, recurrence, day, starts, minutes, last, weekdays
    ):
        assume(recurrence != Recurrence.EASTER or date(2027, 2, 5) <= day <= date(2027, 6, 3))
        chosen = tuple(weekdays) if recurrence in ON_WEEKDAYS else ()
        meant = calendar_walk(recurrence, day, last, chosen) if day <= last else []
        assume(meant)
        ends = (datetime.combine(day, starts) + timedelta(minutes=minutes)).time()
        term = make_term(make_timetable(), starts_on=FIRST, ends_on=last)
        facts = {"day": day, "starts": starts, "ends": ends, "recurrence": recurrence, "weekdays": chosen}
        series = draft_series(term=term, title="x", **facts)

        planned = planned_dates(stored(series))

        assert [each.day for each in planned] == meant
        assert stored(series).starts_on == meant[0]
        assert len({each.day for each in planned}) == len(planned)  # a series meets once a day
        for each in planned:
            assert each.period.start.astimezone(WARSAW) == datetime.combine(each.day, starts, tzinfo=WARSAW)
            assert each.period.start.astimezone(WARSAW).time() == starts
            assert each.period.end.astimezone(WARSAW).time() == ends
            assert each.period.end - each.period.start == timedelta(minutes=minutes)


@pytest.mark.django_db
def test_a_day_of_the_month_may_be_counted_from_another_weekday():
    facts = {"recurrence": Recurrence.FIRST_THIRD_IN_MONTH, "day": date(2026, 11, 9), "weekdays": (4,)}
    series = stored(make_series(make_term(), published=False, **facts))
    assert [each.day for each in planned_dates(series)][:3] == [
        date(2026, 11, 20),
        date(2026, 12, 4),
        date(2026, 12, 18),
    ]
    assert SeriesFacts.of(series).weekdays == (4,)


@pytest.mark.django_db
def test_a_day_of_the_month_is_one_weekday():
    term = make_term()
    facts = {"recurrence": Recurrence.LAST_IN_MONTH, "day": date(2026, 11, 9), "weekdays": (3, 4)}
    with pytest.raises(Refused) as refused:
        draft_series(term=term, title="x", starts=time(9), ends=time(10), **facts)
    assert refused.value.refusal.code == "one_weekday"
    assert not Series.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("recurrence", [value for value in Recurrence.values if value not in ONCE_A_YEAR])
@pytest.mark.parametrize("change", [SUMMER_ENDS, SUMMER_STARTS])
def test_hour_is_the_same_on_both_sides_of_a_clock_change(recurrence, change):
    series = make_series(
        make_term(ends_on=date(2027, 6, 30)), day=date(2026, 9, 2), recurrence=recurrence, published=False
    )
    around = [
        each.period.start
        for each in planned_dates(stored(series))
        if abs((each.day - change).days) < calendar.monthrange(change.year, change.month)[1] + 7
    ]
    assert {moment.astimezone(WARSAW).time() for moment in around} == {time(16, 0)}
    assert {moment.astimezone(UTC).hour for moment in around} == {14, 15}


@pytest.mark.django_db
def test_plan_is_the_same_before_and_after_it_was_stored():
    series = make_series(day=SUMMER_ENDS, starts=time(1, 30), ends=time(3, 30), published=False)
    assert planned_dates(series) == planned_dates(stored(series))


@pytest.mark.django_db
@pytest.mark.parametrize("recurrence", ["weekly", "once"])
def test_last_day_of_the_term_is_included(recurrence):
    term = make_term(ends_on=date(2026, 9, 30))
    series = make_series(
        term, day=date(2026, 9, 30), starts=time(23, 0), ends=time(23, 45), recurrence=recurrence, published=False
    )
    assert [each.day for each in planned_dates(stored(series))] == [date(2026, 9, 30)]


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"])
def test_days_are_those_of_the_timetables_own_zone(zone):
    term = make_term(make_timetable(zone=zone), starts_on=FIRST, ends_on=date(2027, 6, 30))
    for starts in (time(0, 15), time(23, 0)):
        series = make_series(term, day=date(2026, 9, 2), starts=starts, ends=time(23, 30), published=False)
        planned = planned_dates(stored(series))
        assert [each.day for each in planned] == calendar_walk("weekly", date(2026, 9, 2), date(2027, 6, 30))
        assert {each.period.start.astimezone(ZoneInfo(zone)).time() for each in planned} == {starts}


@pytest.mark.django_db
@pytest.mark.parametrize(("starts", "ends"), [(time(2, 15), time(3, 0)), (time(1, 30), time(2, 30))])
def test_series_with_a_date_in_the_missing_hour_is_refused_wherever_it_begins(starts, ends):
    term = make_term(ends_on=date(2027, 4, 30))
    with pytest.raises(Refused) as caught:
        make_series(term, day=date(2027, 3, 21), starts=starts, ends=ends, published=False)
    hour = "2:15" if starts == time(2, 15) else "2:30"
    assert caught.value.refusal.code == "missing_hour"
    assert {"day": "28 marca 2027", "hour": f"0{hour}"} == dict(caught.value.refusal.facts)
    assert not Series.objects.exists()


@pytest.mark.django_db
def test_day_before_and_after_the_missing_hour_are_planned():
    term = make_term(ends_on=date(2027, 4, 30))
    for day in (date(2027, 3, 27), date(2027, 3, 29)):
        facts = {"starts": time(2, 15), "ends": time(3), "recurrence": "once", "published": False}
        assert len(planned_dates(make_series(term, day=day, **facts))) == 1


@pytest.mark.django_db
def test_day_in_the_missing_hour_keeps_its_length_where_a_pattern_is_asked_for_it():
    term = make_term(ends_on=date(2027, 3, 27))
    late = make_series(term, day=date(2027, 3, 21), starts=time(2, 15), ends=time(3, 0), published=False)
    night = planned_period(stored(late), SUMMER_STARTS)
    assert night.start.astimezone(WARSAW).time() == time(3, 15)
    assert night.end - night.start == timedelta(minutes=45)
    early = make_series(term, day=date(2027, 3, 21), starts=time(1, 30), ends=time(2, 30), published=False)
    assert planned_period(stored(early), SUMMER_STARTS).end.astimezone(WARSAW).time() == time(3, 30)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (time(2, 30), time(3, 15), "missing_hour"),
        (time(1, 30), time(2, 30), "missing_hour"),
        (time(16, 0), time(16, 0), "empty_hours"),
        (time(16, 0), time(15, 0), "empty_hours"),
    ],
)
def test_impossible_hours_are_refused_and_nothing_is_written(starts, ends, code):
    term = make_term()
    with pytest.raises(Refused) as caught:
        make_series(term, day=SUMMER_STARTS, starts=starts, ends=ends, published=False)
    assert caught.value.refusal.code == code
    assert not Event.objects.exists()
    assert not Series.objects.exists()


@pytest.mark.django_db
def test_plan_asks_no_query_once_the_pattern_is_loaded(django_assert_num_queries):
    series = stored(make_series(published=False))
    with django_assert_num_queries(0):
        assert len(planned_dates(series)) > 40


@pytest.mark.parametrize(
    ("moment", "missing"),
    [
        (datetime(2027, 3, 28, 1, 59, 59, tzinfo=WARSAW), False),
        (datetime(2027, 3, 28, 2, 0, tzinfo=WARSAW), True),
        (datetime(2027, 3, 28, 2, 59, 59, tzinfo=WARSAW), True),
        (datetime(2027, 3, 28, 3, 0, tzinfo=WARSAW), False),
        (datetime(2026, 10, 25, 2, 30, tzinfo=WARSAW), False),
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=WARSAW), False),
    ],
)
def test_missing_hour_is_the_one_the_spring_change_leaves_out(moment, missing):
    assert is_missing(moment) is missing


@pytest.mark.django_db
def test_stored_rules_are_the_closed_set():
    rules = sorted(seeded_rules())
    assert sorted(Rule.objects.values_list("name", "frequency", "params")) == rules
    assert len({name for name, _frequency, _params in rules}) == len(rules)


def test_weekdays_of_rules_are_names():
    assert not [
        params for _, _, params in seeded_rules() if any(f"byweekday:{number}" in params for number in range(7))
    ]
