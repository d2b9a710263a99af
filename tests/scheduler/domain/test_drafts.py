"""Edits of a published series stay a draft until they are published; a split leaves the past alone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from schedule.models import Event

from scheduler.domain.forced_dates import force_session
from scheduler.domain.planning import discard_draft, discontinue_series, draft_series, revise_series
from scheduler.domain.publication import Away
from scheduler.domain.publishing import plan_publication, publish_series
from scheduler.domain.series_facts import SeriesFacts
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.domain.splitting import discard_split, split_series
from scheduler.errors import Refused
from scheduler.models import Closure, Recurrence, Reservation, Series, Session, Term
from scheduler.period import Period
from tests.factories import (
    NOW,
    PUBLISHED_AT,
    make_place,
    make_room,
    make_series,
    make_specialist,
    make_term,
    make_timetable,
)

pytestmark = pytest.mark.django_db


def facts_of(series: Series, **changed) -> SeriesFacts:
    """Return the facts of a series as it is stored, with some of them changed."""
    loaded = Series.objects.with_pattern().select_related("term").get(pk=series.pk)
    return replace(SeriesFacts.of(loaded), **changed)


def publish(*series: Series, now=NOW, **options):
    return publish_series(series_ids=[each.pk for each in series], now=now, **options)


def stored() -> list[tuple]:
    return [*Session.objects.order_by("pk").values_list(), *Reservation.objects.order_by("pk").values_list()]


def coming(series: Series):
    return series.sessions.filter(starts_at__gt=NOW).order_by("starts_at")


# -- revisions --------------------------------------------------------------------------------------------------------


def test_revision_changes_nothing_until_it_is_published_and_is_gone_then():
    timetable = make_timetable()
    series = make_series(make_term(timetable), room=make_room(timetable), title="Szachy")
    before, ids = stored(), {each.pk for each in series.sessions.all()}
    room = make_room(timetable)
    changed = {"title": "Go", "starts": time(16, 30), "ends": time(17, 15), "room": room, "weekdays": ()}
    revision = revise_series(series_id=series.pk, facts=facts_of(series, **changed))
    series.refresh_from_db()
    assert (series.title, series.starts, revision.replaces_id) == ("Szachy", time(16), series.pk)
    assert stored() == before
    assert revise_series(series_id=series.pk, facts=facts_of(revision, title="Go!")).pk == revision.pk

    publication = publish(series)

    line = Series.objects.with_pattern().get()
    assert (line.pk, line.title, line.starts, line.room) == (series.pk, "Go!", time(16, 30), room)
    assert Event.objects.count() == 1
    assert {each.pk for each in line.sessions.all()} == ids
    assert {each.pk for each in publication.changed} == {each.pk for each in coming(series)}
    assert set(coming(series).values_list("sequence", "room")) == {(1, room.pk)}
    assert plan_publication(series_ids=[series.pk], now=NOW).is_empty


def test_new_title_alone_raises_the_sequence_so_that_calendars_show_it():
    series = make_series()
    revise_series(series_id=series.pk, facts=facts_of(series, title="Nowa nazwa"))
    assert publish(series).changed
    assert set(coming(series).values_list("sequence", flat=True)) == {1}


def test_discarded_revision_leaves_everything_as_it_was():
    series = make_series()
    revise_series(series_id=series.pk, facts=facts_of(series, starts=time(15)))
    discard_draft(series_id=series.pk)
    assert Series.objects.get() == series
    assert Event.objects.count() == 1
    assert plan_publication(series_ids=[series.pk], now=NOW).is_empty
    with pytest.raises(Refused) as caught:
        discard_draft(series_id=series.pk)
    assert caught.value.refusal.code == "published"


def test_ended_series_loses_its_coming_dates_and_keeps_the_past():
    room = make_room(make_timetable())
    series = make_series(make_term(room.timetable), room=room)
    past = list(series.sessions.filter(starts_at__lte=NOW).order_by("pk").values())
    discontinue_series(series_id=series.pk)
    publication = publish(series)
    assert len(publication.removed) == coming(series).count() == 27
    assert set(coming(series).values_list("status", flat=True)) == {"cancelled"}
    assert list(series.sessions.filter(starts_at__lte=NOW).order_by("pk").values()) == past
    assert not room.reservations.filter(starts_at__gt=NOW).exists()
    assert publish(series).is_empty


def test_draft_is_discarded_not_ended():
    series = make_series(published=False)
    with pytest.raises(Refused) as caught:
        discontinue_series(series_id=series.pk)
    assert caught.value.refusal.code == "not_published"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"day": date(2026, 8, 31)}, "outside_term"),
        ({"last": date(2027, 6, 26)}, "outside_term"),
        ({"last": date(2026, 9, 1)}, "outside_term"),
        ({"day": date(2027, 6, 24), "recurrence": Recurrence.FIRST_IN_MONTH}, "no_dates"),
        ({"room": "stranger"}, "unknown_resource"),
    ],
)
def test_impossible_facts_are_refused_and_nothing_is_written(changed, code):
    series = make_series()
    if "room" in changed:
        changed = {"room": make_room(make_timetable())}
    with pytest.raises(Refused) as caught:
        revise_series(series_id=series.pk, facts=facts_of(series, **changed))
    assert caught.value.refusal.code == code
    assert Series.objects.count() == Event.objects.count() == 1


# -- this and following -----------------------------------------------------------------------------------------------


def split(series: Series, first_day: date, **changed) -> Series:
    return split_series(series_id=series.pk, first_day=first_day, facts=facts_of(series, **changed))


def test_split_leaves_the_past_alone_and_keeps_identities_on_the_same_weekday():
    series = make_series()
    before = {each.pk: (each.planned_date, each.starts_at) for each in series.sessions.all()}
    first_day = date(2026, 12, 2)

    later = split(series, first_day, starts=time(17), ends=time(17, 45))
    assert stored() == [*Session.objects.order_by("pk").values_list()]
    publication = publish(later)

    assert (len(publication.added), len(publication.removed)) == (0, 0)
    assert {each.pk for each in later.sessions.all()} == {key for key, (day, _) in before.items() if day >= first_day}
    assert set(later.sessions.values_list("sequence", flat=True)) == {1}
    kept = {key: facts for key, facts in before.items() if facts[0] < first_day}
    assert {each.pk: (each.planned_date, each.starts_at) for each in series.sessions.all()} == kept
    assert set(series.sessions.values_list("sequence", flat=True)) == {0}
    assert publish(series, later).is_empty


def test_split_onto_another_weekday_cancels_the_old_dates_and_adds_new_ones():
    series = make_series()
    later = split(series, date(2026, 12, 2), day=date(2026, 12, 3), weekdays=())
    publication = publish(later)
    assert {each.planned_date.weekday() for each in publication.added} == {3}
    assert {each.planned_date.weekday() for each in publication.removed} == {2}
    assert {each.series_id for each in publication.removed} == {later.pk}
    assert series.sessions.count() + later.sessions.count() == 37 + len(publication.added)
    assert publish(series, later).is_empty


def test_dates_of_a_split_that_grow_back_get_identities_of_their_own():
    series = make_series()
    later = split(series, date(2026, 12, 2), starts=time(17), ends=time(17, 45))
    publish(later)
    revise_series(series_id=series.pk, facts=facts_of(series, last=None))
    publication = publish(series)
    assert len(publication.added) == later.sessions.count()
    assert Session.objects.count() == 37 + later.sessions.count()
    assert publish(series, later).is_empty


def test_dates_changed_by_hand_pass_on_as_they_are():
    series = make_series()
    by_hand = coming(series)[4]
    cancel_session(session_id=by_hand.pk, note="Wycieczka", now=NOW)
    by_hand.refresh_from_db()
    later = split(series, date(2026, 12, 2), starts=time(17), ends=time(17, 45))
    publish(later)
    after = Session.objects.get(pk=by_hand.pk)
    assert (after.series_id, after.status, after.sequence) == (later.pk, "cancelled", by_hand.sequence)


def test_discarded_split_leaves_the_series_as_it_was():
    series = make_series()
    later = split(series, date(2026, 12, 2), starts=time(17), ends=time(17, 45))
    discard_split(series_id=later.pk)
    assert Series.objects.get() == series
    assert plan_publication(series_ids=[series.pk], now=NOW).is_empty


def test_split_at_the_first_date_is_refused():
    series = make_series()
    with pytest.raises(Refused) as caught:
        split(series, series.starts_on)
    assert caught.value.refusal.code == "nothing_before"


# -- days of rest -----------------------------------------------------------------------------------------------------


def test_place_of_a_school_rests_with_it_and_so_does_everything_in_it():
    timetable = make_timetable()
    school = make_place(timetable, rests_with_schools=True)
    term = make_term(timetable)
    facts = {"on_breaks": Series.OnBreaks.RUN, "published": False}
    inside = make_series(term, room=make_room(timetable, place=school), **facts)
    outside = make_series(term, room=make_room(timetable, place=make_place(timetable)), **facts)
    plan = plan_publication(series_ids=[inside.pk, outside.pk], now=PUBLISHED_AT)
    dropped = plan.dropped_of()
    assert {each.reason.kind for each in dropped[inside.pk]} >= {"school_break", "holiday"}
    assert {each.reason.kind for each in dropped[outside.pk]} == {"holiday"}


def test_closure_of_a_place_takes_the_dates_there_back_and_no_others():
    timetable = make_timetable()
    there, here = make_place(timetable), make_place(timetable)
    term = make_term(timetable)
    one, other = (make_series(term, room=make_room(timetable, place=place)) for place in (there, here))
    day = date(2026, 12, 2)
    Closure.objects.create(timetable=timetable, place=there, name="Remont", starts_on=day, ends_on=day)
    plan = plan_publication(series_ids=[one.pk, other.pk], now=NOW)
    assert [(each.series_id, each.planned_date) for each in plan.removed] == [(one.pk, day)]
    assert [each.reason.name for each in plan.dropped if each.day == day] == ["Remont"]


def test_new_date_is_dropped_while_its_leader_is_away_and_a_standing_one_stays():
    timetable = make_timetable()
    leader = make_specialist(timetable)
    term = make_term(timetable)
    series = make_series(term, leader=leader)
    draft = make_series(term, leader=leader, starts=time(9), ends=time(10), published=False)
    leave = Away(leader.pk, Period.of_days(date(2026, 11, 23), date(2026, 12, 4), timetable.tz), "Jan Kos")
    plan = plan_publication(series_ids=[series.pk, draft.pk], now=NOW, away=[leave])
    left_out = [(each.series.pk, each.day, each.reason.name) for each in plan.dropped if each.reason.kind == "leave"]
    assert left_out == [(draft.pk, day, "Jan Kos") for day in (date(2026, 11, 25), date(2026, 12, 2))]
    assert plan.removed == []


def test_day_of_rest_is_forced_with_a_reason_and_stays_so():
    series = make_series()
    christmas_eve = date(2026, 12, 23)
    with pytest.raises(Refused) as caught:
        force_session(series_id=series.pk, day=christmas_eve, reason=" ", note="", now=NOW)
    assert caught.value.refusal.code == "reason_missing"
    forced = force_session(series_id=series.pk, day=christmas_eve, reason="Jasełka", note="", now=NOW)
    assert (forced.forced_reason, forced.sequence, forced.status) == ("Jasełka", 0, "scheduled")
    assert force_session(series_id=series.pk, day=christmas_eve, reason="x", note="", now=NOW).pk == forced.pk
    assert publish(series).is_empty
    revise_series(series_id=series.pk, facts=facts_of(series, starts=time(15), ends=time(15, 45)))
    publish(series)
    forced.refresh_from_db()
    assert (forced.forced_reason, forced.status) == ("Jasełka", "scheduled")


@pytest.mark.parametrize(("day", "code"), [(date(2026, 12, 24), "not_planned"), (date(2026, 11, 11), "in_the_past")])
def test_day_that_cannot_be_forced_is_refused(day, code):
    series = make_series()
    before = stored()
    with pytest.raises(Refused) as caught:
        force_session(series_id=series.pk, day=day, reason="x", note="", now=NOW)
    assert caught.value.refusal.code == code
    assert stored() == before


def test_date_is_moved_onto_a_day_of_rest_only_with_a_reason():
    series = make_series()
    session = coming(series).first()
    christmas = Period(session.starts_at + timedelta(days=37), session.ends_at + timedelta(days=37))
    move = {"session_id": session.pk, "period": christmas, "room_id": None, "note": "", "now": NOW}
    before = stored()
    with pytest.raises(Refused) as caught:
        move_session(**move)
    assert caught.value.refusal.code == "closed_day"
    assert stored() == before
    assert move_session(**move, forced_reason="Wigilia").forced_reason == "Wigilia"
    later = Period(christmas.start + timedelta(hours=1), christmas.end + timedelta(hours=1))
    assert move_session(**{**move, "period": later}).forced_reason == "Wigilia"
    assert plan_publication(series_ids=[series.pk], now=NOW).stranded == []


def test_date_changed_by_hand_that_stands_on_a_new_day_of_rest_is_pointed_out():
    series = make_series()
    session = coming(series)[1]
    moved = Period(session.starts_at + timedelta(hours=1), session.ends_at + timedelta(hours=1))
    move_session(session_id=session.pk, period=moved, room_id=None, note="", now=NOW)
    day = session.planned_date
    Closure.objects.create(timetable=series.timetable, name="Remont", starts_on=day, ends_on=day)
    plan = plan_publication(series_ids=[series.pk], now=NOW)
    assert [(each.pk, closed.name) for each, closed in plan.stranded] == [(session.pk, "Remont")]


# -- any edits --------------------------------------------------------------------------------------------------------


class AnyEdits(TestCase):
    """Each example runs in a transaction of its own."""

    edits = st.lists(
        st.tuples(
            st.sampled_from(["revise", "split", "end", "close", "cancel"]),
            st.integers(0, 1),
            st.integers(1, 20),
            st.sets(st.integers(0, 6), max_size=3),
            st.integers(8, 18),
        ),
        min_size=1,
        max_size=4,
    )

    @settings(max_examples=8)
    @given(edits)
    def test_publishing_settles_everything_once_and_leaves_other_series_and_the_past_alone(self, edits):
        term = make_term(starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 31))
        facts = {"day": date(2026, 10, 28)}
        lines = [make_series(term, room=make_room(term.timetable), **facts) for _ in range(2)]
        other = make_series(term, room=make_room(term.timetable), **facts)
        for edit in edits:
            past = list(Session.objects.filter(starts_at__lte=NOW).order_by("pk").values("pk", "starts_at", "sequence"))
            untouched = list(other.sessions.order_by("pk").values())
            known = set(Session.objects.values_list("pk", flat=True))
            with suppress(Refused):  # what is refused changes nothing
                self._apply(term, lines, *edit)
            keys = list(Series.objects.lines().exclude(pk=other.pk).values_list("pk", flat=True))
            publish_series(series_ids=keys, now=NOW)
            settled = stored()
            assert publish_series(series_ids=keys, now=NOW).is_empty
            assert stored() == settled
            assert list(other.sessions.order_by("pk").values()) == untouched
            assert known <= set(Session.objects.values_list("pk", flat=True))
            after = Session.objects.filter(starts_at__lte=NOW).order_by("pk").values("pk", "starts_at", "sequence")
            assert list(after) == past
        held = set(Reservation.objects.filter(starts_at__gt=NOW).values_list("session", flat=True))
        assert held == set(Session.objects.filter(starts_at__gt=NOW).standing().values_list("pk", flat=True))

    @staticmethod
    def _apply(  # noqa: PLR0917  as hypothesis gives them
        term: Term, lines: list[Series], what: str, which: int, weeks: int, weekdays: set[int], hour: int
    ) -> None:
        series = lines[which]
        facts = {"weekdays": tuple(weekdays), "starts": time(hour), "ends": time(hour, 45)}
        day = date(2026, 11, 18) + timedelta(weeks=weeks % 10)
        match what:
            case "revise":
                revise_series(series_id=series.pk, facts=facts_of(series, **facts))
            case "split" if day > series.starts_on:
                split(series, day, day=day, **facts)
            case "end":
                discontinue_series(series_id=series.pk)
            case "close":
                closed = {"starts_on": day, "ends_on": day + timedelta(days=weeks)}
                place = None if which else make_place(term.timetable)
                Closure.objects.create(timetable=term.timetable, name="Remont", place=place, **closed)
            case "cancel":
                session = coming(series).standing().first()
                if session:
                    cancel_session(session_id=session.pk, note="", now=NOW)


def test_several_weekdays_of_one_series_are_published_each_once():
    term = make_term(ends_on=date(2026, 9, 30))
    facts = {"day": date(2026, 9, 1), "starts": time(13), "ends": time(14), "weekdays": (0, 2, 4)}
    series = draft_series(term=term, title="Świetlica", **facts)
    publish(series, now=PUBLISHED_AT)
    days = [each.planned_date for each in series.sessions.order_by("planned_date")]
    assert len(days) == len(set(days)) == 13
    assert {day.weekday() for day in days} == {0, 2, 4}
