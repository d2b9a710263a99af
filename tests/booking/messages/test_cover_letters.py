"""Letters about an absence: one a family with everything, to whoever takes over, and to whoever owns what is open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from booking.domain.cover import Choice, plan_time_off
from booking.domain.cover_plan import Action
from booking.domain.time_off import enter_time_off, take_back_time_off
from booking.domain.timetable_changes import restore_date
from booking.models import Guardianship, StaffMember, TimeOff
from notifications.delivery import deliver_due
from notifications.models import Message
from scheduler.models import Session
from scheduler.period import Period
from tests.calendar_readers import events_in
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_series,
    make_staff,
    make_weekly_group,
)
from tests.factories_staffing import WEDNESDAY, make_colleague

pytestmark = pytest.mark.django_db
WEEK = Period(WEDNESDAY, WEDNESDAY + timedelta(days=2))


@pytest.fixture
def leader() -> StaffMember:
    """Somebody who leads robotics on Wednesday and Thursday."""
    member = make_colleague(make_centre(name="Centrum"), given_name="Michał")
    group = make_weekly_group(make_activity(member.centre, name="Robotyka"), leader=member.resource)
    group.series.add(make_series(group.term, title="Robotyka", day=date(2026, 9, 3), leader=member.resource))
    return member


@pytest.fixture
def family(leader):
    family = make_family(leader.centre)
    make_enrolment(family.child, leader.centre.activities.get().groups.get())
    Message.objects.all().delete()
    return family


def enter(leader: StaffMember, choose=None, *, by=None) -> TimeOff:
    plan = plan_time_off(member=leader, period=WEEK, now=NOW)
    choices = None if choose is None else {date.session.pk: choose(date) for date in plan.dates}
    return enter_time_off(
        member_id=leader.pk,
        starts_at=WEEK.start,
        ends_at=WEEK.end,
        kind=TimeOff.Kind.ILLNESS,
        note="",
        fingerprint=plan.fingerprint,
        choices=choices,
        families_note="Do zobaczenia za tydzień.",
        by=by or make_staff(centre=leader.centre).person.account,
        now=NOW,
    )


def told(reader, kind: str) -> Message:
    deliver_due(clock=lambda: NOW)
    return Message.objects.get(recipient_id=reader.pk, kind=kind)


def test_family_reads_of_all_changes_in_one_letter_with_what_stands_attached(leader, family):
    def choose(found):
        is_first = found.session.starts_at < WEEK.start + timedelta(days=1)
        return Choice(Action.CANCEL) if is_first else Choice(Action.MOVE, period=found.proposal.dates[0])

    enter(leader, choose)
    letter = told(family.guardian, "dates_changed")
    assert letter.subject == "2 zmiany w planie zajęć"
    assert "Nie odbędzie się: środa 18 listopada, 16:00–16:45" in letter.text
    assert "Było: czwartek 19 listopada, 16:00–16:45" in letter.text
    assert "Do zobaczenia za tydzień." in letter.text
    assert "choroba" not in letter.text.lower()
    assert [str(event["STATUS"]) for event in events_in(letter.calendar)] == ["CANCELLED", "CONFIRMED"]


@pytest.mark.parametrize(("language", "words"), [("pl", "Prowadzi: Ewa"), ("en", "Led by: Ewa"), ("uk", "Веде: Ewa")])
def test_family_reads_who_takes_over_in_its_language(leader, family, language, words):
    make_colleague(leader.centre, given_name="Ewa")
    type(family.guardian).objects.filter(pk=family.guardian.pk).update(language=language)
    enter(leader, lambda found: Choice(Action.SUBSTITUTE, substitute=found.substitutes[0].resource))
    letter = told(family.guardian, "dates_changed")
    assert words in letter.text
    with translation.override(language):
        assert letter.subject == translation.ngettext(
            "A change in the timetable", "%(n)s changes in the timetable", 2
        ) % {"n": 2}


def test_substitute_reads_what_she_takes_over_with_its_dates(leader, family):
    able = make_colleague(leader.centre, given_name="Ewa")
    enter(leader, lambda _found: Choice(Action.SUBSTITUTE, substitute=able.resource_id))
    letter = told(able.person, "taken_over")
    assert "Robotyka" in letter.text
    assert len(list(events_in(letter.calendar))) == 2


def test_organiser_reads_who_will_be_away_and_what_waits(leader, family):
    organiser = make_staff(centre=leader.centre)
    time_off = enter(leader, by=leader.person.account)
    letter = told(organiser.person, "time_off_entered")
    assert letter.subject.startswith("Nieobecność: Michał")
    assert f"/board/absences/{time_off.pk}/" in letter.text
    assert "2 terminy czekają" in letter.text
    assert "chorob" not in letter.text.lower()


def test_letter_about_time_off_taken_back_is_not_sent(leader, family):
    organiser = make_staff(centre=leader.centre)
    time_off = enter(leader, by=leader.person.account)
    take_back_time_off(time_off_id=time_off.pk, by=organiser.person.account, now=NOW)
    assert told(organiser.person, "time_off_entered").state == Message.State.SUPPRESSED


def test_what_was_changed_again_or_may_not_be_told_is_left_out(leader, family):
    by = make_staff(centre=leader.centre).person.account
    enter(leader, lambda _found: Choice(Action.CANCEL), by=by)
    first = Session.objects.filter(status="cancelled").earliest("starts_at")
    leader.time_off.update(cancelled_at=NOW)
    restore_date(session_id=first.pk, by=by, note="", now=NOW)
    letter = told(family.guardian, "dates_changed")
    assert letter.subject == "Zmiana w planie zajęć"
    assert len(list(events_in(letter.calendar))) == 1


def test_guardian_who_was_barred_meanwhile_is_told_nothing(leader, family):
    enter(leader, lambda _found: Choice(Action.CANCEL))
    Guardianship.objects.update(contact_ban=True)
    assert told(family.guardian, "dates_changed").state == Message.State.SUPPRESSED
