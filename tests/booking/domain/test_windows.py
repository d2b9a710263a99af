"""Hours for visits are opened, changed and closed without moving anybody who has booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from booking.domain.duty_findings import visit_findings
from booking.domain.series_drafts import split_line
from booking.domain.slots import free_slots
from booking.domain.visits_to_settle import keep_outside_hours, visits_on_closed_days, visits_outside_hours
from booking.domain.window_facts import WindowFacts, copy_windows
from booking.domain.windows import WindowPlanChanged, change_window, open_window, plan_window_change
from booking.errors import Refused
from booking.models import Appointment, OpeningWindow
from scheduler.domain.closures import add_closure
from scheduler.domain.planning import revise_series
from scheduler.domain.publishing import plan_publication
from scheduler.domain.series_facts import SeriesFacts
from scheduler.models import Recurrence, Reservation, Series, Session
from scheduler.period import Period
from tests.factories import NOW, make_centre, make_place, make_room, make_series, make_service, make_staff, make_term
from tests.factories_visits import Practice, make_practice, make_visit

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
MONDAY = date(2026, 11, 16)
WEDNESDAY, NEXT_WEDNESDAY = date(2026, 11, 18), date(2026, 11, 25)
MONTH = Period.of_days(MONDAY, date(2026, 12, 15), WARSAW)


def wall(hour: int, day: date = WEDNESDAY) -> datetime:
    return datetime.combine(day, time(hour), WARSAW).astimezone(UTC)


def facts_of(practice: Practice, **changes) -> WindowFacts:
    window = OpeningWindow.objects.get(pk=practice.window.pk)
    return replace(WindowFacts.of(window), **changes)


def stored() -> list[object]:
    """Return everything that a refusal must leave alone."""
    rows = [Series, Session, OpeningWindow, Appointment, Reservation]
    return [list(model._default_manager.order_by("pk").values()) for model in rows]


def starts(practice: Practice, day: date) -> list[int]:
    slots = free_slots(service=practice.service, period=Period.of_days(day, day, WARSAW), now=NOW)
    return [slot.starts_at.astimezone(WARSAW).hour for slot in slots]


# -- opening ----------------------------------------------------------------------------------------------------------


def opening(**changes):
    centre = make_centre()
    service = make_service(centre, minutes=60, notice_hours=0)
    member = make_staff("specialist", centre=centre)
    facts = WindowFacts((service,), WEDNESDAY, time(15), time(17), room=make_room(centre.timetable))
    return member, replace(facts, **changes)


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        ({"recurrence": Recurrence.WEEKLY}, [18, 25, 2, 9]),
        ({"recurrence": Recurrence.WEEKLY, "weekdays": (0, 2)}, [18, 23, 25, 30, 2, 7, 9, 14]),
        ({"recurrence": Recurrence.FORTNIGHTLY}, [18, 2]),
        ({"recurrence": Recurrence.FIRST_THIRD_IN_MONTH}, [18, 2]),
        ({"recurrence": Recurrence.ONCE}, [18]),
        ({"last": date(2026, 12, 2)}, [18, 25, 2]),
    ],
)
def test_hours_open_on_the_days_of_their_pattern(pattern, days):
    member, facts = opening(**pattern)
    make_term(member.centre.timetable)
    window, plan = open_window(specialist=member.resource, facts=facts, now=NOW)
    free = free_slots(service=facts.services[0], period=MONTH, now=NOW)
    assert [slot.starts_at.astimezone(WARSAW).day for slot in free][::2] == days
    assert window.series.leader == member.resource
    assert {session.local_date for session in plan.coming} >= {slot.starts_at.date() for slot in free}


def test_dates_on_days_of_rest_are_left_out_and_named():
    member, facts = opening(day=date(2026, 11, 19))  # Thursdays
    make_term(member.centre.timetable)
    _window, plan = open_window(specialist=member.resource, facts=facts, now=NOW)
    assert date(2026, 12, 24) in {dropped.day for dropped in plan.publication.dropped}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"services": ()}, "service_missing"),
        ({"modes": frozenset({"video"})}, "mode_missing"),
        ({"day": date(2030, 1, 2)}, "no_term"),
        ({"ends": time(14)}, "empty_hours"),
    ],
)
def test_hours_that_cannot_be_are_refused(changes, code):
    member, facts = opening(**changes)
    make_term(member.centre.timetable)
    before = stored()
    with pytest.raises(Refused) as refused:
        open_window(specialist=member.resource, facts=facts, now=NOW)
    assert refused.value.refusal.code == code
    assert stored() == before


def test_hours_in_a_room_that_is_taken_are_refused():
    member, facts = opening()
    term = make_term(member.centre.timetable)
    make_series(term, day=WEDNESDAY, starts=time(16), ends=time(17), room=facts.room)
    before = stored()
    with pytest.raises(Refused) as refused:
        open_window(specialist=member.resource, facts=facts, now=NOW)
    assert refused.value.refusal.code == "clash"
    assert stored() == before


@pytest.mark.parametrize(
    ("sensitivities", "audience"),
    [(["public"], "public"), (["public", "normal"], "participants"), (["public", "sensitive"], "staff")],
)
def test_the_most_confidential_service_decides_who_sees_the_hours(sensitivities, audience):
    centre = make_centre()
    services = tuple(make_service(centre, sensitivity=each) for each in sensitivities)
    member, facts = opening()
    assert replace(facts, services=services).line(leader=member.resource).audience == audience


# -- changing ---------------------------------------------------------------------------------------------------------


def test_other_hours_from_a_day_on_leave_the_days_before_alone():
    practice = make_practice()
    facts = facts_of(practice, starts=time(13), ends=time(16))
    question = {"window_id": practice.window.pk, "facts": facts, "from_day": NEXT_WEDNESDAY, "now": NOW}
    plan = plan_window_change(**question)
    window, _plan = change_window(**question, fingerprint=plan.fingerprint)
    assert starts(practice, WEDNESDAY) == [9, 10, 11, 12]
    assert starts(practice, NEXT_WEDNESDAY) == [13, 14, 15]
    assert window.pk != practice.window.pk


def test_a_date_keeps_its_identity_when_its_hours_change():
    practice = make_practice()
    day = {"planned_date": NEXT_WEDNESDAY, "leader": practice.specialist}
    before = Session.objects.get(**day)
    facts = facts_of(practice, starts=time(13), ends=time(16))
    question = {"window_id": practice.window.pk, "facts": facts, "from_day": MONDAY, "now": NOW}
    change_window(**question, fingerprint=plan_window_change(**question).fingerprint)
    after = Session.objects.get(**day)
    assert (after.pk, after.sequence) == (before.pk, before.sequence + 1)


def test_looking_at_a_change_writes_nothing():
    practice = make_practice()
    make_visit(practice, wall(9))
    before = stored()
    facts = facts_of(practice, starts=time(13), ends=time(16))
    plan = plan_window_change(window_id=practice.window.pk, facts=facts, from_day=MONDAY, now=NOW)
    assert plan.conflicts
    assert stored() == before


def test_a_booked_visit_stays_and_is_shown_before_the_change():
    practice = make_practice()
    early, late = make_visit(practice, wall(9)), make_visit(practice, wall(12))
    question = {
        "window_id": practice.window.pk,
        "facts": facts_of(practice, starts=time(11)),
        "from_day": MONDAY,
        "now": NOW,
    }
    plan = plan_window_change(**question)
    assert plan.conflicts == [early]
    visits = list(Appointment.objects.order_by("pk").values())
    change_window(**question, fingerprint=plan.fingerprint)
    assert list(Appointment.objects.order_by("pk").values()) == visits
    assert visits_outside_hours(specialists=[practice.specialist.pk], now=NOW) == [early]
    assert starts(practice, WEDNESDAY) == [11]
    assert late.is_holding


def test_a_visit_booked_meanwhile_shows_the_new_plan():
    practice = make_practice()
    facts = facts_of(practice, starts=time(11))
    question = {"window_id": practice.window.pk, "facts": facts, "from_day": MONDAY, "now": NOW}
    plan = plan_window_change(**question)
    visit = make_visit(practice, wall(9))
    before = stored()
    with pytest.raises(WindowPlanChanged) as changed:
        change_window(**question, fingerprint=plan.fingerprint)
    assert changed.value.plan.conflicts == [visit]
    assert stored() == before
    change_window(**question, fingerprint=changed.value.plan.fingerprint)


def test_closing_leaves_visits_to_settle():
    practice = make_practice()
    visit = make_visit(practice, wall(9, day=NEXT_WEDNESDAY))
    question = {"window_id": practice.window.pk, "facts": None, "from_day": NEXT_WEDNESDAY, "now": NOW}
    plan = plan_window_change(**question)
    assert plan.conflicts == [visit]
    change_window(**question, fingerprint=plan.fingerprint)
    assert starts(practice, WEDNESDAY) == [9, 10, 11, 12]
    assert starts(practice, NEXT_WEDNESDAY) == []
    assert visits_outside_hours(specialists=[practice.specialist.pk], now=NOW) == [visit]


def test_hours_that_have_not_begun_are_changed_as_a_whole():
    practice = make_practice(day=date(2027, 1, 13))
    facts = facts_of(practice, urgent_places=1, starts=time(11))
    question = {"window_id": practice.window.pk, "facts": facts, "from_day": MONDAY, "now": NOW}
    window, _plan = change_window(**question, fingerprint=plan_window_change(**question).fingerprint)
    assert (window.pk, window.urgent_places) == (practice.window.pk, 1)
    line = Series.objects.with_pattern().get(pk=window.pk)
    assert (line.starts, line.starts_on) == (time(11), date(2027, 1, 13))


def test_hours_that_have_not_begun_are_closed_as_a_whole():
    practice = make_practice(day=date(2027, 1, 13))
    question = {"window_id": practice.window.pk, "facts": None, "from_day": MONDAY, "now": NOW}
    change_window(**question, fingerprint=plan_window_change(**question).fingerprint)
    assert not Session.objects.standing().filter(leader=practice.specialist).exists()
    assert not OpeningWindow.objects.standing().exists()


def test_hours_that_end_before_are_neither_changed_nor_prolonged():
    practice = make_practice()
    closing = {"window_id": practice.window.pk, "facts": None, "from_day": NEXT_WEDNESDAY, "now": NOW}
    change_window(**closing, fingerprint=plan_window_change(**closing).fingerprint)
    before = stored()
    for facts in (None, facts_of(practice, starts=time(11))):
        with pytest.raises(Refused) as refused:
            plan_window_change(window_id=practice.window.pk, facts=facts, from_day=date(2026, 12, 9), now=NOW)
        assert (refused.value.refusal.code, "24 listopada 2026" in str(refused.value.refusal)) == ("window_over", True)
    assert stored() == before


def test_hours_cannot_change_in_the_past_or_while_the_organiser_plans_them():
    practice = make_practice()
    facts = facts_of(practice, starts=time(11))
    with pytest.raises(Refused) as refused:
        plan_window_change(window_id=practice.window.pk, facts=facts, from_day=date(2026, 11, 15), now=NOW)
    assert refused.value.refusal.code == "window_in_the_past"
    line = Series.objects.with_pattern().select_related("term").get(pk=practice.window.pk)
    revise_series(series_id=line.pk, facts=replace(SeriesFacts.of(line), title="Inaczej"))
    with pytest.raises(Refused) as refused:
        plan_window_change(window_id=practice.window.pk, facts=facts, from_day=MONDAY, now=NOW)
    assert refused.value.refusal.code == "window_in_draft"


# -- settling ---------------------------------------------------------------------------------------------------------


def test_visits_of_a_cancelled_date_are_to_be_settled_until_one_stays_on_purpose():
    practice = make_practice()
    first, second = make_visit(practice, wall(9)), make_visit(practice, wall(10))
    Session.objects.filter(planned_date=WEDNESDAY).update(status="cancelled")
    assert visits_outside_hours(specialists=[practice.specialist.pk], now=NOW) == [first, second]
    keep_outside_hours(visit_id=first.pk, now=NOW)
    keep_outside_hours(visit_id=first.pk, now=NOW)
    assert visits_outside_hours(specialists=[practice.specialist.pk], now=NOW) == [second]


def test_visits_that_are_over_or_cancelled_need_no_settling():
    practice = make_practice()
    make_visit(practice, wall(9), status="cancelled")
    make_visit(practice, wall(9, day=date(2026, 11, 11)))  # a holiday, and over
    Session.objects.filter(planned_date=WEDNESDAY).update(status="cancelled")
    assert visits_outside_hours(specialists=[practice.specialist.pk], now=NOW) == []


def test_visits_say_what_does_not_fit_any_more():
    practice = make_practice()
    other, spare = make_service(practice.service.centre), make_room(practice.specialist.timetable)
    visit = make_visit(practice, wall(9))
    changes = {"time": {"starts": time(11)}, "service": {"services": (other,)}, "room": {"room": spare}}
    changes["way"] = {"modes": frozenset({"phone"}), "room": None}
    practice.service.phone = True
    practice.service.save()
    found = {}
    for name, change in changes.items():
        facts = facts_of(practice, **change)
        plan = plan_window_change(window_id=practice.window.pk, facts=facts, from_day=MONDAY, now=NOW)
        found[name] = [(each.pk, why) for each, why in plan.reasons]
    assert found == {
        "time": [(visit.pk, "time")],
        "service": [(visit.pk, "service")],
        "way": [(visit.pk, "service")],
        "room": [(visit.pk, "room")],
    }


def test_a_visit_fits_hours_that_keep_its_room_as_another_one():
    practice = make_practice()
    make_visit(practice, wall(9))
    facts = facts_of(practice, room=make_room(practice.specialist.timetable), rooms=(practice.room,))
    assert not plan_window_change(window_id=practice.window.pk, facts=facts, from_day=MONDAY, now=NOW).conflicts


def test_visits_on_a_day_that_is_closed_later_wait_for_a_decision():
    practice = make_practice()
    visit = make_visit(practice, wall(9))
    place = make_place(practice.specialist.timetable)
    closed = {"timetable": practice.specialist.timetable, "name": "Remont", "now": NOW}
    add_closure(**closed, starts_on=WEDNESDAY, ends_on=WEDNESDAY, place=place)
    assert visits_outside_hours(specialists=[practice.specialist.pk], now=NOW) == []
    practice.room.place = place
    practice.room.save()
    (found,) = visits_outside_hours(specialists=[practice.specialist.pk], now=NOW)
    assert (found, vars(found)["why"]) == (visit, "closed")


def test_closing_days_names_the_visits_of_the_place_that_closes():
    practice, elsewhere = make_practice(), make_practice()
    here, phoned = make_visit(practice, wall(9)), make_visit(practice, wall(10), mode="phone")
    there = make_visit(elsewhere, wall(9))
    practice.room.place = make_place(practice.specialist.timetable)
    practice.room.save()
    day = Period.of_days(WEDNESDAY, WEDNESDAY, WARSAW)
    asked = {"timetable_id": practice.specialist.timetable_id, "period": day, "now": NOW}
    assert visits_on_closed_days(**asked, place=practice.room.place) == [here, phoned]
    assert visits_on_closed_days(**asked, place=None) == [here, phoned]
    assert there.is_holding


# -- copying ----------------------------------------------------------------------------------------------------------


def test_a_copied_line_of_hours_is_a_window_too():
    practice = make_practice(urgent_places=2, phone=True)
    spare = make_room(practice.specialist.timetable)
    practice.window.rooms.add(spare)
    copy = make_series(practice.window.series.term, kind=Series.Kind.DUTY, published=False)
    copy_windows([(practice.window.series, copy)])
    window = OpeningWindow.objects.get(pk=copy.pk)
    assert (window.urgent_places, window.modes, list(window.rooms.all())) == (2, ["office", "phone"], [spare])
    assert list(copy.services.all()) == [practice.service]


# -- other people's plans ---------------------------------------------------------------------------------------------


def test_publishing_other_hours_names_the_visits_that_lose_theirs():
    practice = make_practice()
    lost, kept = make_visit(practice, wall(9)), make_visit(practice, wall(12))
    line = Series.objects.with_pattern().select_related("term").get(pk=practice.window.pk)
    revise_series(series_id=line.pk, facts=replace(SeriesFacts.of(line), starts=time(11)))
    plan = plan_publication(series_ids=[line.pk], now=NOW)
    (finding,) = visit_findings(plan, now=NOW)
    assert (finding.code, finding.stops, finding.period) == ("visit_without_hours", False, lost.period)
    assert practice.specialist.name in str(finding.sentence)
    keep_outside_hours(visit_id=lost.pk, now=NOW)
    assert visit_findings(plan, now=NOW) == []
    assert kept.is_holding


def test_publishing_hours_in_another_room_names_the_visits_that_stay_in_the_old_one():
    practice = make_practice()
    visit = make_visit(practice, wall(9))
    line = Series.objects.with_pattern().select_related("term").get(pk=practice.window.pk)
    other = make_room(practice.specialist.timetable)
    revise_series(series_id=line.pk, facts=replace(SeriesFacts.of(line), room=other))
    (finding,) = visit_findings(plan_publication(series_ids=[line.pk], now=NOW), now=NOW)
    assert finding.period == visit.period
    practice.window.rooms.add(practice.room)
    assert visit_findings(plan_publication(series_ids=[line.pk], now=NOW), now=NOW) == []


def test_visits_are_asked_for_only_where_hours_change(django_assert_num_queries):
    line = make_series(make_term(), published=False)
    plan = plan_publication(series_ids=[line.pk], now=NOW)
    with django_assert_num_queries(0):
        assert visit_findings(plan, now=NOW) == []


def test_hours_that_are_split_on_the_board_stay_hours_for_visits():
    practice = make_practice(urgent_places=1)
    session = Session.objects.get(leader=practice.specialist, planned_date=NEXT_WEDNESDAY)
    line = Series.objects.with_pattern().select_related("term").get(pk=practice.window.pk)
    continuing = split_line(session_id=session.pk, facts=replace(SeriesFacts.of(line), day=NEXT_WEDNESDAY), now=NOW)
    assert OpeningWindow.objects.get(pk=continuing.pk).urgent_places == 1
    assert list(continuing.services.all()) == [practice.service]
