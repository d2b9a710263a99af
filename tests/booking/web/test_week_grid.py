"""Places of sessions in the week grid."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.web.week_grid import hours_shown, spots

WARSAW = ZoneInfo("Europe/Warsaw")


def span(begin: str, end: str, *, day: str = "2026-11-23") -> tuple[datetime, datetime]:
    return (
        datetime.fromisoformat(f"{day}T{begin}").replace(tzinfo=WARSAW),
        datetime.fromisoformat(f"{day}T{end}").replace(tzinfo=WARSAW),
    )


def test_spots_of_sessions_one_after_another_take_the_whole_width() -> None:
    assert spots([span("13:00", "14:00"), span("14:00", "14:30")]) == [
        "at-1300 for-60 lane-1-of-1",
        "at-1400 for-30 lane-1-of-1",
    ]


def test_spots_of_overlapping_sessions_share_the_width_and_reuse_a_free_lane() -> None:
    day = [span("15:45", "16:45"), span("15:45", "16:45"), span("16:00", "18:00"), span("16:45", "17:45")]
    assert spots(day) == [
        "at-1545 for-60 lane-1-of-3",
        "at-1545 for-60 lane-2-of-3",
        "at-1600 for-120 lane-3-of-3",
        "at-1645 for-60 lane-1-of-3 wide-2",
    ]


def test_spots_keep_the_order_given() -> None:
    assert spots([span("16:45", "17:45"), span("13:00", "14:00")]) == [
        "at-1645 for-60 lane-1-of-1",
        "at-1300 for-60 lane-1-of-1",
    ]


def test_spots_round_to_steps_of_five_minutes_and_show_even_the_shortest() -> None:
    assert spots([span("15:47", "16:01"), span("17:00", "17:00")]) == [
        "at-1545 for-20 lane-1-of-1",
        "at-1700 for-5 lane-1-of-1",
    ]


def test_spots_count_the_wall_clock_when_the_clock_changes() -> None:
    assert spots([span("01:00", "04:00", day="2026-10-25")]) == ["at-0100 for-180 lane-1-of-1"]


def test_spots_end_at_midnight() -> None:
    starts_at, _ = span("22:00", "23:00")
    assert spots([(starts_at, starts_at + timedelta(hours=4))]) == ["at-2200 for-120 lane-1-of-1"]


def test_spots_of_more_sessions_than_lanes_stay_within_the_known_classes() -> None:
    assert spots([span("10:00", "11:00")] * 14)[-1] == "at-1000 for-60 lane-2-of-12"


def test_hours_shown_hold_every_session_and_the_usual_afternoon() -> None:
    assert hours_shown([span("09:30", "12:00"), span("18:15", "20:15")]) == (9, 21)
    assert hours_shown([span("14:00", "15:00")]) == (13, 18)
    assert hours_shown([]) == (13, 18)
