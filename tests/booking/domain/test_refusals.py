"""Why a place is refused: each reason with its code, its sentence and its exact edge."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils.translation import override

from booking.domain.enrolment import enrol_child
from booking.domain.refusals import alternatives, refusal_for
from booking.domain.rule_facts import KnownFacts
from booking.errors import SENTENCES, Refused
from booking.models import Activity, Enrolment, Group, Person
from notifications.models import Message
from scheduler.models import Session
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_group,
    make_person,
    make_series,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 11, 18)  # the next meeting after NOW
HOUR = timedelta(hours=1)


def zosia(**facts) -> Person:
    return make_person(given_name="Zosia", **({"age": 7} | facts))


def code(child: Person, group: Group, now: datetime = NOW, *, by_desk: bool = False) -> str | None:
    """Return the code of the refusal, which is the same when it is asked for many people and groups at once."""
    found = refusal_for(child=child, group=group, now=now, by_desk=by_desk)
    facts = KnownFacts(children=[child, make_person(age=7)], groups=[group, make_weekly_group()], now=now)
    assert refusal_for(child=child, group=group, now=now, by_desk=by_desk, facts=facts) == found
    return found.code if found else None


def full_group() -> Group:
    group = make_group(capacity=1)
    make_enrolment(make_person(age=8), group)
    return group


# -- every reason, in three languages ---------------------------------------------------------------------------------


def case_already_enrolled() -> tuple[Person, Group]:
    child, group = zosia(), make_group()
    make_enrolment(child, group)
    return child, group


def case_too_young() -> tuple[Person, Group]:
    return zosia(birth_date=date(2020, 5, 4)), make_weekly_group(ages=(9, 12))


def case_too_old() -> tuple[Person, Group]:
    return zosia(age=11), make_weekly_group(ages=(6, 9))


def case_clash() -> tuple[Person, Group]:
    child, activity = zosia(), make_activity(name="Robotyka")
    make_enrolment(child, make_weekly_group(activity))
    return child, make_weekly_group(make_activity(activity.centre), starts=time(16, 30), ends=time(17, 15))


CASES = {
    "already_enrolled": case_already_enrolled,
    "too_young": case_too_young,
    "too_old": case_too_old,
    "clash": case_clash,
    "enrolment_not_open": lambda: (zosia(), make_group(opens_at=datetime(2026, 12, 1, 7, 0, tzinfo=UTC))),
    "enrolment_closed": lambda: (zosia(), make_group(closes_at=NOW)),
    "not_entitled": lambda: (zosia(), make_group(entry=Group.Entry.CENTRE)),
    "unknown_birth_date": lambda: (zosia(age=None), make_group(ages=(6, 9))),
    "full": lambda: (zosia(), full_group()),
}
SAID = {
    "already_enrolled": ("Zosia już jest w tej grupie.", "Zosia is already enrolled in this group."),
    "too_young": (
        "Zosia ma jeszcze za mało lat: grupa przyjmuje od 9 lat, dołączyć można od 4 maja 2029.",
        "Zosia is too young: the group takes people from the age of 9. Joining is possible from 4 May 2029.",
    ),
    "too_old": (
        "Zosia ma już za dużo lat: grupa przyjmuje do 9 lat.",
        "Zosia is too old: the group takes people up to the age of 9.",
    ),
    "clash": ("Zosia ma wtedy „Robotyka” (środa 16:00).", "Zosia is in “Robotyka” at that time (Wednesday 16:00)."),
    "enrolment_not_open": ("Zapisy zaczną się 1 grudnia 2026, 08:00.", "Enrolment opens on 1 December 2026, 08:00."),
    "enrolment_closed": ("Zapisy do tej grupy już się zakończyły.", "Enrolment in this group has ended."),
    "not_entitled": (
        "Miejsca w tej grupie przyznaje centrum. Zadzwoń albo przyjdź do recepcji.",
        "Places in this group are given by the centre. Please call or visit the desk.",
    ),
    "unknown_birth_date": (
        "Nie znamy daty urodzenia: Zosia. Podaj ją w recepcji.",
        "We do not know the birth date of Zosia. Please tell it to the desk.",
    ),
    "full": ("Wszystkie miejsca w tej grupie są zajęte.", "All places in this group are taken."),
}


@pytest.mark.parametrize("reason", CASES)
def test_reason_is_said_in_the_readers_language(reason):
    child, group = CASES[reason]()
    said = {}
    for language in ("pl", "en", "uk"):
        with override(language):
            found = refusal_for(child=child, group=group, now=NOW)
            assert found is not None
            assert found.code == reason
            said[language] = str(found)
    assert (said["pl"], said["en"]) == SAID[reason]
    assert any("а" <= letter.lower() <= "я" for letter in said["uk"])
    assert "%" not in said["uk"]


@pytest.mark.parametrize("reason", CASES)
def test_refused_enrolment_changes_nothing(reason):
    child, group = CASES[reason]()
    by = make_account()
    before = [list(model.objects.order_by("pk").values()) for model in (Enrolment, Group, Message)]
    with pytest.raises(Refused) as caught:
        enrol_child(child=child, group=group, by=by, now=NOW)
    assert caught.value.refusal.code == reason
    assert [list(model.objects.order_by("pk").values()) for model in (Enrolment, Group, Message)] == before


def test_every_sentence_is_translated():
    for sentence in SENTENCES.values():
        spoken = set()
        for language in ("pl", "en", "uk"):
            with override(language):
                spoken.add(str(sentence))
        assert len(spoken) == 3


# -- age --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        (date(2020, 11, 18), None),  # six on the day of the next meeting
        (date(2020, 11, 19), "too_young"),
        (date(2016, 11, 19), None),  # still nine on that day
        (date(2016, 11, 18), "too_old"),
    ],
)
def test_age_is_the_one_on_the_day_of_the_next_meeting(birth_date, expected):
    assert code(zosia(birth_date=birth_date), make_weekly_group(ages=(6, 9))) == expected


def test_age_is_todays_where_no_meeting_is_planned():
    group = make_group(ages=(6, 9))
    assert code(zosia(birth_date=date(2020, 11, 16)), group) is None
    assert code(zosia(birth_date=date(2020, 11, 17)), group) == "too_young"


def test_today_is_the_day_at_the_place_of_the_group():
    group, child = make_group(ages=(6, 9)), zosia(birth_date=date(2020, 11, 17))
    assert code(child, group, datetime(2026, 11, 16, 22, 59, tzinfo=UTC)) == "too_young"
    assert code(child, group, datetime(2026, 11, 16, 23, 0, tzinfo=UTC)) is None


def test_cancelled_meetings_do_not_count_for_the_age():
    group = make_weekly_group(ages=(6, 9))
    child = zosia(birth_date=date(2020, 11, 20))
    assert code(child, group) == "too_young"
    Session.objects.filter(planned_date=WEDNESDAY).update(status=Session.Status.CANCELLED)
    assert code(child, group) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [(datetime(2027, 2, 27, 12, tzinfo=UTC), "too_young"), (datetime(2027, 2, 28, 12, tzinfo=UTC), None)],
)  # fmt: skip  one edge
def test_child_of_29_february_is_a_year_older_on_28_february(now, expected):
    assert code(zosia(birth_date=date(2020, 2, 29)), make_group(ages=(7, 9)), now) == expected


def test_day_from_which_a_child_may_join_is_the_day_she_may_join():
    child = zosia(birth_date=date(2020, 2, 29))
    group = make_group(ages=(7, 9), term=make_term(starts_on=date(2026, 9, 1), ends_on=date(2029, 6, 30)))
    said = refusal_for(child=child, group=group, now=NOW)
    assert said is not None
    assert said.facts["from_day"] == "28 lutego 2027"
    assert code(child, group, datetime(2027, 2, 28, 12, tzinfo=UTC)) is None


@pytest.mark.parametrize("ages", [(None, 9), (6, None), (None, None)])
def test_group_may_have_one_bound_or_none(ages):
    assert code(zosia(age=7), make_group(ages=ages)) is None


def test_group_for_everybody_asks_for_no_birth_date():
    assert code(zosia(age=None), make_group()) is None


# -- the window of enrolment ------------------------------------------------------------------------------------------


def test_opening_at_a_second_is_said_to_the_second():
    group = make_group(opens_at=datetime(2026, 12, 1, 7, 0, 26, tzinfo=UTC))
    reason = refusal_for(child=zosia(), group=group, now=NOW)
    assert "1 grudnia 2026, 08:00:26" in str(reason)


def test_enrolment_opens_and_closes_at_its_moment():
    child, group = zosia(), make_group(opens_at=NOW, closes_at=NOW + HOUR)
    second = timedelta(seconds=1)
    moments = (NOW - second, NOW, NOW + HOUR - second, NOW + HOUR)
    assert [code(child, group, now) for now in moments] == ["enrolment_not_open", None, None, "enrolment_closed"]
    assert [group.is_open_at(now) for now in moments] == [False, True, True, False]


def test_enrolment_ends_with_the_term_at_local_midnight():
    child, group = zosia(), make_group(term=make_term(ends_on=date(2027, 6, 25)))
    assert code(child, group, datetime(2027, 6, 25, 21, 59, tzinfo=UTC)) is None
    assert code(child, group, datetime(2027, 6, 25, 22, 0, tzinfo=UTC)) == "enrolment_closed"


def test_desk_may_enrol_outside_the_window_and_in_groups_of_the_centre():
    child = zosia()
    for facts in ({"closes_at": NOW}, {"opens_at": NOW + HOUR}, {"entry": Group.Entry.CENTRE}):
        group = make_group(**facts)
        assert code(child, group) is not None
        assert code(child, group, by_desk=True) is None


def test_desk_is_refused_for_age_clash_and_places_as_everyone():
    for reason in ("too_young", "too_old", "clash", "full", "already_enrolled"):
        child, group = CASES[reason]()
        assert code(child, group, by_desk=True) == reason


# -- clashes ----------------------------------------------------------------------------------------------------------


def test_meetings_that_touch_do_not_clash():
    child, centre = zosia(), make_centre()
    make_enrolment(child, make_weekly_group(make_activity(centre)))
    assert code(child, make_weekly_group(make_activity(centre), starts=time(16, 45), ends=time(17, 30))) is None
    assert code(child, make_weekly_group(make_activity(centre), starts=time(15, 15), ends=time(16, 0))) is None


def test_groups_of_different_centres_clash_too():
    child = zosia()
    make_enrolment(child, make_weekly_group())
    assert code(child, make_weekly_group()) == "clash"


def test_day_care_lets_children_go_to_activities():
    child, centre = zosia(), make_centre()
    care = make_weekly_group(make_activity(centre, kind=Activity.Kind.DAY_CARE), starts=time(14), ends=time(18))
    robotics = make_weekly_group(make_activity(centre))
    make_enrolment(child, care)
    assert code(child, robotics) is None
    other = zosia()
    make_enrolment(other, robotics)
    assert code(other, care) is None


def test_one_date_in_common_is_a_clash_and_a_cancelled_one_is_none():
    child, centre = zosia(), make_centre()
    make_enrolment(child, make_weekly_group(make_activity(centre)))
    term = make_term(centre.timetable)
    workshop = make_series(term, day=date(2026, 12, 2), recurrence="once", starts=time(16, 30), ends=time(18))
    group = make_group(make_activity(centre), term=term, series=[workshop])
    assert code(child, group) == "clash"
    workshop.sessions.update(status=Session.Status.CANCELLED)
    assert code(child, group) is None


def test_meetings_that_are_over_clash_with_nothing():
    child, centre = zosia(), make_centre()
    make_enrolment(child, make_weekly_group(make_activity(centre)))
    term = make_term(centre.timetable)
    past = make_series(term, day=date(2026, 11, 4), recurrence="once", starts=time(16, 30), ends=time(18))
    assert code(child, make_group(make_activity(centre), term=term, series=[past])) is None


def test_group_she_has_left_clashes_with_nothing():
    child, centre = zosia(), make_centre()
    left = make_enrolment(child, make_weekly_group(make_activity(centre)))
    Enrolment.objects.filter(pk=left.pk).update(status=Enrolment.Status.WITHDRAWN)
    assert code(child, make_weekly_group(make_activity(centre))) is None


# -- instead ----------------------------------------------------------------------------------------------------------


def test_alternatives_are_open_groups_of_the_same_kind_that_she_could_join_at_once():
    centre = make_centre()
    robotics = make_activity(centre, name="Robotyka")
    wanted = make_group(robotics, ages=(10, 13))
    fitting = [make_group(robotics, ages=(6, 9), name=f"Grupa młodsza {number}") for number in range(4)]
    make_group(robotics, ages=(6, 9), entry=Group.Entry.CENTRE)
    make_group(robotics, ages=(6, 9), closes_at=NOW)
    make_group(robotics, ages=(10, 13))
    make_group(make_activity(centre, kind=Activity.Kind.DANCE), ages=(6, 9))
    make_group(make_activity(kind=Activity.Kind.ROBOTICS), ages=(6, 9))
    make_group(make_activity(centre, sensitivity="sensitive"), ages=(6, 9))
    taken = make_group(robotics, ages=(6, 9), capacity=1, name="Grupa młodsza 0")
    make_enrolment(make_person(age=8), taken)

    found = alternatives(child=zosia(), group=wanted, now=NOW)

    assert found == fitting[:3]


def test_alternatives_leave_out_the_group_she_is_in():
    centre = make_centre()
    robotics = make_activity(centre)
    child, own, full = zosia(), make_group(robotics), make_group(robotics, capacity=0)
    make_enrolment(child, own)
    assert alternatives(child=child, group=full, now=NOW) == []


def test_alternatives_are_of_other_kinds_only_where_none_of_the_same_fits():
    centre = make_centre()
    robotics, dance = make_activity(centre), make_activity(centre, kind=Activity.Kind.DANCE)
    wanted, other_kind = make_group(robotics, ages=(10, 13)), make_group(dance, ages=(6, 9))
    make_group(make_activity(kind=Activity.Kind.DANCE), ages=(6, 9))
    assert alternatives(child=zosia(), group=wanted, now=NOW) == [other_kind]

    same_kind = make_group(robotics, ages=(6, 9))
    assert alternatives(child=zosia(), group=wanted, now=NOW) == [same_kind]
