"""A term is published as it was previewed: what is wrong stops it, everyone concerned is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from booking.domain.series_drafts import draft_line, revise_line, split_line
from booking.domain.term_publishing import PlanChanged, TermPlan, plan_lines, plan_term, publish_lines, publish_term
from booking.domain.timetable_changes import force_date, move_date, note_date, substitute_date
from booking.errors import Refused
from booking.models import Account, SessionChange, TermPublication, TimeOff
from notifications.kinds import COMPOSERS
from notifications.models import Message
from scheduler.domain.series_facts import SeriesFacts
from scheduler.models import Closure, Series, Session
from scheduler.period import Period
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_equipment,
    make_family,
    make_group,
    make_room,
    make_series,
    make_staff,
    make_term,
)
from tests.factories_staffing import make_checks
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def facts_of(series: Series, **changed) -> SeriesFacts:
    """Return the facts of a series as it is stored, with some of them changed."""
    loaded = Series.objects.with_pattern().select_related("term").get(pk=series.pk)
    return replace(SeriesFacts.of(loaded), **changed)


class Story:
    """A centre with two published groups; a family with a child in both."""

    def __init__(self) -> None:
        self.centre = make_centre()
        activity = make_activity(self.centre, name="Robotyka")
        self.term = make_term(self.centre.timetable)
        self.room = make_room(self.centre.timetable)
        self.lines = [
            make_series(self.term, title=title, starts=time(hour), ends=time(hour, 45), room=self.room)
            for title, hour in (("Robotyka", 16), ("Taniec", 17))
        ]
        self.groups = [make_group(activity, term=self.term, series=[line]) for line in self.lines]
        self.family = make_family(self.centre, children=(7,))
        for group in self.groups:
            make_enrolment(self.family.child, group)
        Message.objects.all().delete()
        self.by = make_account()

    def plan(self) -> TermPlan:
        return plan_term(term_id=self.term.pk, now=NOW)

    def publish(self, **options) -> TermPublication | None:
        return publish_term(term_id=self.term.pk, fingerprint=self.plan().fingerprint, by=self.by, now=NOW, **options)

    def revise(self, line: int = 0, **changed) -> Series:
        return revise_line(series_id=self.lines[line].pk, facts=facts_of(self.lines[line], **changed))


@pytest.fixture
def story() -> Story:
    return Story()


def facts() -> list[tuple]:
    """Return all that publishing could change."""
    models = (Session, Series, SessionChange, TermPublication, Message)
    return [row for model in models for row in model.objects.order_by("pk").values_list()]


def letter_of(message: Message, language: str = "pl"):
    with translation.override(language):
        return COMPOSERS[message.kind](message, NOW)


# -- publishing -------------------------------------------------------------------------------------------------------


def test_everyone_concerned_is_told_in_one_message_whatever_changes(story):
    story.revise(0, starts=time(15, 30), ends=time(16, 15))
    story.revise(1, starts=time(17, 15), ends=time(18))
    plan = story.plan()
    assert [(each.recipient.id, set(each.people)) for each in plan.families] == [
        (story.family.guardian.pk, {story.family.child.pk})
    ]
    assert (len(plan.families), len(plan.staff)) == (1, 0)

    done = story.publish()

    assert (done.added, done.changed, done.removed, done.told) == (0, 54, 0, 1)
    (message,) = Message.objects.all()
    text = letter_of(message)
    assert text.subject == "Zmiany w planie zajęć: Robotyka i inne"
    assert "środa 18 listopada, 16:00–16:45 – teraz: środa 18 listopada, 15:30–16:15" in text.body
    assert "i jeszcze 23 zmienione terminy" in text.body
    assert f"Taniec ({story.family.child.given_name})" in text.body
    assert text.calendar.count("BEGIN:VEVENT") == 54
    assert letter_of(message, "uk").subject == "Зміни в розкладі: Robotyka та інше"
    changes = SessionChange.objects.filter(kind="replanned", by=story.by)
    assert changes.count() == 54


def test_publishing_again_tells_nobody_and_writes_nothing(story):
    story.revise(starts=time(15))
    story.publish()
    before = facts()
    assert story.plan().is_empty
    assert story.publish() is None
    assert facts() == before


def test_other_fingerprint_shows_the_new_plan_and_changes_nothing(story):
    story.revise(starts=time(15), ends=time(15, 45))
    shown = story.plan()
    make_enrolment(make_family(story.centre).child, story.groups[0])  # one more family to tell
    before = facts()
    with pytest.raises(PlanChanged) as caught:
        publish_term(term_id=story.term.pk, fingerprint=shown.fingerprint, by=story.by, now=NOW)
    assert caught.value.refusal.code == "plan_changed"
    assert len(caught.value.plan.told) == 2
    assert facts() == before
    publish_term(term_id=story.term.pk, fingerprint=caught.value.plan.fingerprint, by=story.by, now=NOW)


def test_fingerprint_is_the_same_in_every_language_and_at_every_moment_of_a_day(story):
    story.revise(starts=time(15))
    prints: set[str] = set()
    for language in ("pl", "en", "uk"):
        with translation.override(language):
            prints.add(plan_term(term_id=story.term.pk, now=NOW + timedelta(minutes=len(prints))).fingerprint)
    assert len(prints) == 1


def test_groups_of_a_revision_meet_there_once_it_is_published(story):
    other = make_group(story.groups[0].activity, term=story.term)
    revise_line(series_id=story.lines[0].pk, facts=facts_of(story.lines[0], starts=time(15)), groups=[other])
    assert list(story.lines[0].groups.all()) == [story.groups[0]]
    story.publish()
    assert list(story.lines[0].groups.all()) == [other]
    assert Message.objects.filter(recipient_id=story.family.guardian.pk).count() == 1  # her dates are gone


def test_split_is_published_alone_and_told_once(story):
    session = story.lines[0].sessions.filter(starts_at__gt=NOW).order_by("starts_at")[3]
    later = split_line(
        session_id=session.pk, facts=facts_of(story.lines[0], starts=time(15), ends=time(15, 45)), now=NOW
    )
    story.revise(1, title="Taniec ludowy")  # stays a draft
    plan = plan_lines(series_ids=[later.pk], now=NOW)
    done = publish_lines(series_ids=[later.pk], fingerprint=plan.fingerprint, by=story.by, now=NOW)
    assert (done.added, done.changed, done.removed, done.told) == (0, 24, 0, 1)
    assert list(later.groups.all()) == [story.groups[0]]
    assert Series.objects.filter(replaces=story.lines[1]).exists()


# -- what is wrong ----------------------------------------------------------------------------------------------------


def draft(story: Story, **changed) -> Series:
    facts = SeriesFacts("Szachy", date(2026, 11, 25), time(16, 15), time(16, 30), audience="public")
    groups = changed.pop("groups", ())
    return draft_line(term=story.term, facts=replace(facts, **changed), groups=groups)


def test_rooms_people_equipment_and_groups_that_clash_stop_publishing(story):
    person = make_staff("instructor", centre=story.centre).resource
    kits = make_equipment(story.centre.timetable, units=2)
    early = {"starts": time(9), "ends": time(10)}
    draft(story, room=story.room)
    for number in range(3):
        draft(story, **early, title=f"Rano {number}", resources=(kits,), leader=person if number < 2 else None)
    draft(story, starts=time(16, 30), ends=time(16, 40), groups=[story.groups[0]])
    before = facts()
    plan = story.plan()
    found = {each.first.code: each for each in plan.gathered() if each.first.stops}
    assert found.keys() >= {"room_clash", "person_clash", "equipment_clash", "group_clash"}
    room = found["room_clash"]
    assert len(room.findings) == 26
    with translation.override("pl"):
        sentence = str(next(each for each in story.plan().findings if each.code == "room_clash").sentence)
    assert "„Szachy” i „Robotyka”" in sentence or "„Robotyka” i „Szachy”" in sentence
    with pytest.raises(Refused) as caught:
        story.publish()
    assert caught.value.refusal.code in found
    assert facts() == before


def test_warning_needs_a_reason_which_stays_with_the_publication(story):
    small = make_room(story.centre.timetable, capacity=3)
    adults = make_group(story.groups[0].activity, term=story.term, capacity=10, ages=(18, None))
    draft(story, room=small, groups=[adults])
    (finding,) = story.plan().warnings
    assert (finding.code, finding.stops) == ("room_capacity", False)
    with pytest.raises(Refused) as caught:
        story.publish()
    assert caught.value.refusal.code == "reason_missing"
    done = story.publish(reason="Spotykamy się na zewnątrz.")
    assert (done.reason, len(done.warnings)) == ("Spotykamy się na zewnątrz.", 1)


def test_leave_drops_new_dates_with_its_reason(story):
    member = make_staff("instructor", centre=story.centre)
    week = Period.of_days(date(2026, 12, 1), date(2026, 12, 6), story.centre.timetable.tz)
    stamps = {"entered_at": NOW, "changed_at": NOW}
    TimeOff.objects.create(member=member, starts_at=week.start, ends_at=week.end, kind="leave", **stamps)
    draft(story, leader=member.resource)
    (dropped,) = [each for each in story.plan().publication.dropped if each.reason.kind == "leave"]
    assert dropped.day == date(2026, 12, 2)


def test_new_day_of_rest_takes_dates_back_and_families_hear_of_it(story):
    day = date(2026, 12, 2)
    Closure.objects.create(timetable=story.centre.timetable, name="Remont", starts_on=day, ends_on=day)
    done = story.publish()
    assert (done.removed, done.told) == (2, 1)
    text = letter_of(Message.objects.get())
    assert "Odwołane: środa 2 grudnia, 16:00–16:45" in text.body


def test_preview_asks_as_many_queries_for_many_dates_as_for_few(story):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            story.plan()
        return len(captured)

    story.revise(0, starts=time(15))
    few = queries()
    for number in range(5):
        line = draft(story, starts=time(8 + number), ends=time(8 + number, 30), room=make_room(story.centre.timetable))
        group = make_group(story.groups[0].activity, term=story.term)
        line.groups.add(group)
        make_enrolment(make_family(story.centre).child, group)
    assert queries() <= few + 2


# -- one date ---------------------------------------------------------------------------------------------------------


def test_substitute_note_and_forced_day_are_written_down_and_told_once(story):
    first, other = (make_checks(make_staff("instructor", centre=story.centre)) for _ in range(2))
    session = story.lines[0].sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    Session.objects.filter(pk=session.pk).update(leader=first.resource)
    common = {"by": story.by, "now": NOW}
    substitute = partial(substitute_date, session_id=session.pk, leader_id=other.resource_id, note="Choroba", **common)
    substitute()
    assert substitute().sequence == 1
    told = {message.recipient_id for message in Message.objects.all()}
    assert told == {story.family.guardian.pk, first.person_id, other.person_id}
    family = Message.objects.get(recipient_id=story.family.guardian.pk)
    assert f"poprowadzi {other.resource.name}" in letter_of(family).body
    assert f"W zastępstwie za: {first.resource.name}" in letter_of(family).body
    note_date(session_id=session.pk, note="Proszę o buty na zmianę.", **common)
    note_date(session_id=session.pk, note="", **common)
    force_date(series_id=story.lines[0].pk, day=date(2026, 12, 23), reason="Jasełka", **common)
    kinds = list(SessionChange.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["substituted", "noted", "noted", "forced"]
    mine = Message.objects.filter(recipient_id=story.family.guardian.pk).order_by("created_at", "id")
    assert sorted(message.kind for message in mine) == ["session_forced", "session_noted", "session_substituted"]


def test_substitution_where_nobody_leads_is_refused(story):
    session = story.lines[0].sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    someone = make_staff("instructor", centre=story.centre).resource_id
    with pytest.raises(Refused) as caught:
        substitute_date(session_id=session.pk, leader_id=someone, note="", by=story.by, now=NOW)
    assert caught.value.refusal.code == "nobody_leads"
    assert not SessionChange.objects.exists()


# -- two organisers at once -------------------------------------------------------------------------------------------


def answer(call) -> str:
    """Return what became of a publication."""
    try:
        done = call()
    except PlanChanged as changed:
        return "empty" if changed.plan.is_empty else "changed"
    return "published" if done else "nothing"


@pytest.mark.django_db(transaction=True)
def test_of_organisers_who_publish_at_once_one_wins_and_families_are_told_once():
    story = Story()
    story.revise(0, starts=time(15), ends=time(15, 45))
    shown = story.plan().fingerprint
    organisers = [make_account() for _ in range(3)]
    calls = [
        partial(answer, partial(publish_term, term_id=story.term.pk, fingerprint=shown, by=by, now=NOW))
        for by in organisers
    ]
    assert sorted(at_once(calls)) == ["empty", "empty", "published"]
    assert TermPublication.objects.count() == Message.objects.count() == 1
    assert set(story.lines[0].sessions.filter(starts_at__gt=NOW).values_list("sequence", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_date_moved_while_a_term_is_published_is_lost_in_neither_order():
    story = Story()
    story.revise(0, starts=time(15), ends=time(15, 45))
    shown = story.plan().fingerprint
    session = story.lines[0].sessions.filter(starts_at__gt=NOW).order_by("starts_at")[2]
    day = Period(session.starts_at + timedelta(days=1), session.ends_at + timedelta(days=1))
    by: Account = make_account()
    move = partial(move_date, session_id=session.pk, period=day, room_id=None, note="", by=by, now=NOW)
    publish = partial(publish_term, term_id=story.term.pk, fingerprint=shown, by=by, now=NOW)

    outcome, _moved = at_once([partial(answer, publish), move])

    session.refresh_from_db()
    assert (session.period, session.status) == (day, "moved")
    assert outcome in {"published", "changed"}
    rest = story.lines[0].sessions.filter(starts_at__gt=NOW).exclude(pk=session.pk)
    assert set(rest.values_list("sequence", flat=True)) == {1 if outcome == "published" else 0}
    numbers = list(story.centre.timetable.changes.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
