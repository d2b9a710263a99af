"""Offers in words, in three languages."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.utils.translation import override

from booking.models import Activity, Group
from booking.web.offer_words import full_name, say_ages, say_meetings, short_name
from booking.web.recurrence_words import Meeting, say_from_easter
from scheduler.models import Recurrence

FOUR, FIVE = time(16, 0), time(17, 0)


def weekly(weekday: int, starts: time = FOUR, ends: time = FIVE, recurrence: str = Recurrence.WEEKLY) -> Meeting:
    return Meeting(recurrence, weekday, starts, ends)


@pytest.mark.parametrize(
    ("meetings", "words"),
    [
        ([weekly(4)], ["piątki 16:00–17:00"]),
        ([weekly(3), weekly(1)], ["wtorki i czwartki 16:00–17:00"]),
        ([weekly(0), weekly(2), weekly(4)], ["poniedziałki, środy i piątki 16:00–17:00"]),
        ([weekly(0), weekly(3, time(9), time(10))], ["poniedziałki 16:00–17:00", "czwartki 09:00–10:00"]),
        ([weekly(2), weekly(2, FIVE, time(18))], ["środy 16:00–17:00 i 17:00–18:00"]),
        ([weekly(2, time(13 + n), time(14 + n)) for n in range(3)], ["środy 13:00–16:00"]),
        ([weekly(day) for day in range(5)], ["poniedziałek–piątek 16:00–17:00"]),
        ([weekly(5, recurrence=Recurrence.FIRST_IN_MONTH)], ["pierwsza sobota miesiąca 16:00–17:00"]),
        ([weekly(4, recurrence=Recurrence.SECOND_FOURTH_IN_MONTH)], ["drugi i czwarty piątek miesiąca 16:00–17:00"]),
        ([weekly(2, recurrence=Recurrence.FORTNIGHTLY)], ["co drugą środę 16:00–17:00"]),
        ([weekly(4, recurrence=Recurrence.LAST_IN_MONTH)], ["ostatni piątek miesiąca 16:00–17:00"]),
        ([Meeting(Recurrence.ONCE, 4, FOUR, FIVE, "piątek 18 grudnia")], ["piątek 18 grudnia 16:00–17:00"]),
        ([], []),
    ],
)
def test_meetings_are_said_in_polish(meetings, words):
    with override("pl"):
        assert say_meetings(meetings) == words


def test_meetings_are_said_in_other_languages():
    meetings = [weekly(1), weekly(3), weekly(5, recurrence=Recurrence.FIRST_THIRD_IN_MONTH)]
    with override("en"):
        assert say_meetings(meetings) == [
            "Tuesdays and Thursdays 16:00–17:00",
            "first and third Saturday of the month 16:00–17:00",
        ]
    with override("uk"):
        assert say_meetings(meetings) == [
            "щовівторка і щочетверга 16:00–17:00",
            "перша і третя субота місяця 16:00–17:00",
        ]


@pytest.mark.parametrize(
    ("ages", "pl", "en"),
    [
        ((6, 9), "6–9 lat", "6–9 years"),
        ((2, 3), "2–3 lata", "2–3 years"),
        ((18, None), "od 18 lat", "from the age of 18"),
        ((None, 12), "do 12 lat", "up to the age of 12"),
        ((7, 7), "7 lat", "7 years"),
        ((0, 1), "0–1 rok", "0–1 year"),
        ((None, None), "", ""),
    ],
)
def test_ages_are_said(ages, pl, en):
    with override("pl"):
        assert say_ages(*ages) == pl
    with override("en"):
        assert say_ages(*ages) == en


@pytest.mark.parametrize(
    ("name", "full", "short"),
    [
        ("Maluchy", "Robotyka – Maluchy", "Maluchy"),
        ("Robotyka – Maluchy", "Robotyka – Maluchy", "Maluchy"),
        ("robotyka", "Robotyka", "6–9 lat"),
        ("Klub robotyka plus", "Klub robotyka plus", "Klub robotyka plus"),
    ],
)
def test_group_is_named_without_saying_the_same_twice(name, full, short):
    group = Group(name=name, activity=Activity(name="Robotyka"), age_from=6, age_until=9)
    with override("pl"):
        assert (full_name(group), short_name(group, "Robotyka")) == (full, short)


def test_activity_in_a_name_is_translated():
    group = Group(name="Robotyka – Maluchy", activity=Activity(name_pl="Robotyka", name_en="Robotics"))
    with override("en"):
        assert full_name(group) == "Robotics – Maluchy"


@pytest.mark.parametrize(
    ("day", "pl", "en"),
    [
        (date(2027, 3, 24), "4 dni przed Wielkanocą", "4 days before Easter"),
        (date(2027, 3, 28), "w Niedzielę Wielkanocną", "on Easter Sunday"),
        (date(2027, 3, 29), "1 dzień po Wielkanocy", "1 day after Easter"),
    ],
)
def test_day_is_said_from_easter(day, pl, en):
    with override("pl"):
        assert say_from_easter(day) == pl
    with override("en"):
        assert say_from_easter(day) == en
