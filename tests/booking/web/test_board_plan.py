"""The board of a term: drafting by form and drag, clashes beside it, publishing what was seen, copies, days off."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Role, TermPublication
from notifications.models import Message
from scheduler.models import Closure, Series, Session, Term
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_equipment,
    make_family,
    make_room,
    make_series,
    make_specialist,
    make_staff,
    make_weekly_group,
)
from tests.factories_staffing import make_colleague

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


class Story:
    """A centre whose robotics are published on Wednesdays at 16:00 in room A, with a family in it."""

    def __init__(self) -> None:
        self.centre = make_centre(slug="centrum")
        timetable = self.centre.timetable
        self.room = make_room(timetable, name="Sala A")
        self.other = make_room(timetable, name="Sala B")
        self.group = make_weekly_group(make_activity(self.centre, name="Robotyka"), room=self.room)
        self.term = self.group.term
        self.line = self.group.series.get()
        self.family = make_family(self.centre)
        make_enrolment(self.family.child, self.group)
        Message.objects.all().delete()
        self.client = self.login(make_staff(Role.ORGANISER, centre=self.centre).person.account)

    @staticmethod
    def login(account) -> Client:
        client = Client()
        client.force_login(account)
        return client

    @property
    def board(self) -> str:
        return reverse("board-plan", args=[self.term.pk])

    def fields(self, **changed) -> dict[str, object]:
        facts = {
            "title": "Szachy",
            "recurrence": "weekly",
            "day": "2026-11-25",
            "starts": "16:00",
            "ends": "16:45",
            "room": str(self.other.pk),
            "on_breaks": "rest",
            "audience": "public",
            "kind": "meeting",
        }
        return facts | changed

    def draft(self, **changed):
        return self.client.post(reverse("board-series-new", args=[self.term.pk]), self.fields(**changed), follow=True)

    def revise(self, **changed):
        facts = {"title": "Robotyka", "groups": [str(self.group.pk)], "day": "2026-09-02", "room": str(self.room.pk)}
        return self.client.post(
            reverse("board-series", args=[self.line.pk]), self.fields(**facts | changed), follow=True
        )

    def shift(self, **changed):
        facts = {"old_weekday": 2, "weekday": 2, "starts": "16:00", "ends": "16:45"} | changed
        return self.client.post(reverse("board-series-shift", args=[self.line.pk]), facts)

    def publish(self, **changed):
        address = reverse("board-publish", args=[self.term.pk])
        fingerprint = self.client.get(address).context["plan"].fingerprint
        return self.client.post(address, {"fingerprint": fingerprint} | changed, follow=True)

    def revision(self) -> Series:
        return Series.objects.with_pattern().select_related("term").get(replaces=self.line)


@pytest.fixture
def story() -> Story:
    return Story()


def test_new_line_is_a_draft_that_families_do_not_see(story: Story) -> None:
    page = story.draft().content.decode()
    assert "Szachy" in page
    assert "To jest szkic." in page
    assert "Szachy" not in Client().get("/c/centrum/?week=2026-W48").content.decode()
    assert not Message.objects.exists()


def test_published_draft_stands_in_the_public_timetable_with_its_group(story: Story) -> None:
    story.draft(groups=[str(story.group.pk)], title="")
    line = Series.objects.get(published_at=None)
    assert line.title == "Robotyka"
    story.client.post(
        reverse("board-series", args=[line.pk]), story.fields(title="Szachy", starts="18:00", ends="19:00")
    )
    story.publish()
    assert "Szachy" in Client().get("/c/centrum/?week=2026-W48").content.decode()
    assert TermPublication.objects.get().added == Session.objects.filter(series=line).count()


def test_revised_line_stays_as_it_was_until_published_then_families_are_told_once(story: Story) -> None:
    story.revise(starts="17:00", ends="17:45")
    session = story.line.sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    assert "16:00" in Client().get("/c/centrum/").content.decode()
    preview = story.client.get(reverse("board-publish", args=[story.term.pk]))
    assert str(story.family.guardian) in preview.content.decode()
    assert "było" in preview.content.decode()
    page = story.publish().content.decode()
    assert "Dowie się 1 osoba." in page
    assert "nowe 0, zmienione 27, usunięte 0, powiadomione osoby 1" in page
    moved = Session.objects.get(pk=session.pk)
    assert (moved.starts_at - session.starts_at, moved.sequence) == (timedelta(hours=1), 1)
    assert Message.objects.count() == 1


def test_clash_stands_beside_the_board_and_stops_publishing(story: Story) -> None:
    story.draft(room=str(story.room.pk))
    page = story.client.get(story.board).content.decode()
    assert "Sale zajęte podwójnie" in page
    assert "1 przeszkoda" in page
    preview = story.client.get(reverse("board-publish", args=[story.term.pk])).content.decode()
    assert "Najpierw usuń przeszkody" in preview
    answer = story.publish()
    assert answer.status_code == 409
    assert not TermPublication.objects.exists()
    assert not Series.objects.get(title="Szachy").sessions.exists()


def test_other_plan_than_the_one_seen_is_shown_again_and_nothing_is_done(story: Story) -> None:
    story.revise(starts="17:00", ends="17:45")
    seen = story.client.get(reverse("board-publish", args=[story.term.pk])).context["plan"].fingerprint
    colleague = story.login(make_staff(Role.ORGANISER, centre=story.centre).person.account)
    colleague.post(reverse("board-series", args=[story.line.pk]), story.fields(starts="18:00", ends="18:45"))
    answer = story.client.post(reverse("board-publish", args=[story.term.pk]), {"fingerprint": seen})
    assert answer.status_code == 409
    assert "18:00" in answer.content.decode()
    assert f'value="{seen}"' not in answer.content.decode()
    assert not TermPublication.objects.exists()


def test_publishing_twice_does_nothing_the_second_time(story: Story) -> None:
    story.revise(starts="17:00", ends="17:45")
    story.publish()
    page = story.publish().content.decode()
    assert "Nic się nie zmieniło" in page
    assert TermPublication.objects.count() == Message.objects.count() == 1


def test_button_pressed_twice_publishes_once_and_says_so_twice(story: Story) -> None:
    story.revise(starts="17:00", ends="17:45")
    page = reverse("board-publish", args=[story.term.pk])
    seen = {"fingerprint": story.client.get(page).context["plan"].fingerprint}
    for _press in range(2):
        text = story.client.post(page, seen, follow=True).content.decode()
        assert "Opublikowano" in text
    assert TermPublication.objects.count() == Message.objects.count() == 1
    colleague = story.login(make_staff(Role.ORGANISER, centre=story.centre).person.account)
    assert colleague.post(page, seen).status_code == 409
    story.revise(starts="18:00", ends="18:45")
    assert story.client.post(page, seen).status_code == 409
    assert TermPublication.objects.count() == 1


def test_warning_needs_a_reason_to_be_published(story: Story) -> None:
    small = make_room(story.centre.timetable, name="Kantorek", capacity=3)
    story.revise(room=str(small.pk))
    assert "Za małe sale" in story.client.get(story.board).content.decode()
    assert story.publish().status_code == 409
    story.publish(reason="Do końca listopada wystarczy.")
    assert TermPublication.objects.get().reason == "Do końca listopada wystarczy."


def test_drag_to_another_hour_day_and_room_is_a_draft(story: Story) -> None:
    assert story.shift(weekday=3, starts="17:00", ends="18:00", room=story.other.pk).status_code == 302
    plan = story.revision()
    assert (plan.weekday, plan.starts, plan.ends, plan.room) == (3, time(17), time(18), story.other)
    assert Series.objects.get(pk=story.line.pk).room == story.room
    assert not Message.objects.exists()


def test_drag_before_the_term_begins_takes_the_week_after(story: Story) -> None:
    story.shift(weekday=0)
    assert story.revision().starts_on == date(2026, 9, 7)


def test_drag_of_one_of_two_weekdays_moves_only_that_one(story: Story) -> None:
    story.revise(weekdays=["0", "2"])
    story.shift(old_weekday=0, weekday=4)
    assert story.revision().weekdays == [2, 4]


def test_drag_to_a_person_changes_who_leads_or_who_helps(story: Story) -> None:
    one, two, three = (make_specialist(story.centre.timetable) for _ in range(3))
    story.revise(leader=str(one.pk), helpers=[str(two.pk)])
    story.shift(person=three.pk, instead_of=two.pk)
    assert (story.revision().leader, list(story.revision().resources.all())) == (one, [three])
    story.shift(person=three.pk, instead_of=one.pk)
    assert (story.revision().leader, list(story.revision().resources.all())) == (three, [])


def test_drag_to_another_weekday_is_refused_where_the_date_says_the_day(story: Story) -> None:
    story.revise(recurrence="monthly_by_date")
    answer = story.shift(weekday=3)
    assert (answer.status_code, answer.json()["code"]) == (409, "day_by_form")
    assert story.revision().starts_on == date(2026, 9, 2)


@pytest.mark.parametrize("wrong", [{"weekday": 9}, {"starts": "x"}, {"room": "1"}, {"instead_of": "z"}])
def test_drag_that_makes_no_sense_changes_nothing(story: Story, wrong: dict[str, object]) -> None:
    assert story.shift(**wrong).status_code == 422
    assert not Series.objects.filter(replaces=story.line).exists()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"ends": "15:00"}, 409),
        ({"day": "2026-08-01"}, 409),
        ({"day": "2027-03-28", "starts": "02:15", "ends": "02:45", "recurrence": "once"}, 409),
        ({"title": ""}, 422),
        ({"day": "x"}, 422),
        ({"room": "x"}, 422),
        ({"recurrence": "hourly"}, 422),
    ],
)
def test_line_that_cannot_be_is_explained_and_not_stored(story: Story, wrong: dict[str, str], status: int) -> None:
    before = Series.objects.count()
    answer = story.draft(**wrong)
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert Series.objects.count() == before


@pytest.mark.parametrize(
    ("recurrence", "said"),
    [
        ("fortnightly", "co drugą środę"),
        ("first_third_in_month", "pierwsza i trzecia środa miesiąca"),
        ("last_in_month", "ostatnia środa miesiąca"),
        ("monthly_by_date", "25. dnia każdego miesiąca"),
        ("once", "środa 25 listopada"),
    ],
)
def test_every_rule_of_recurrence_is_drafted_and_said(story: Story, recurrence: str, said: str) -> None:
    story.draft(recurrence=recurrence)
    line = Series.objects.get(title="Szachy")
    page = story.client.get(reverse("board-series", args=[line.pk])).content.decode()
    assert said in page


def test_equipment_is_drafted_with_its_units(story: Story) -> None:
    kits = make_equipment(story.centre.timetable, name="Zestawy LEGO", units=6)
    story.draft(**{f"units_{kits.pk}": "4"})
    line = Series.objects.get(title="Szachy")
    assert line.units_taken == {str(kits.pk): 4}
    assert story.draft(**{f"units_{kits.pk}": "7"}).status_code == 422


def test_dates_that_drop_out_are_listed_with_the_reason_and_one_can_be_forced(story: Story) -> None:
    day = date(2026, 12, 2)
    Closure.objects.create(timetable=story.centre.timetable, name="Inwentaryzacja", starts_on=day, ends_on=day)
    story.draft()
    line = Series.objects.get(title="Szachy")
    address = reverse("board-series", args=[line.pk])
    assert "Inwentaryzacja" in story.client.get(address).content.decode()
    assert "Inwentaryzacja" in story.client.get(story.board).content.decode()
    force = reverse("board-series-force", args=[line.pk])
    assert story.client.post(force, {"day": "2026-12-02", "reason": ""}).status_code == 422
    assert story.client.post(force, {"day": "2026-12-03", "reason": "bo tak"}).status_code == 422
    story.client.post(force, {"day": "2026-12-02", "reason": "Mikołajki"})
    story.publish()
    session = Session.objects.get(series=line, planned_date=day)
    assert session.forced_reason == "Mikołajki"


def test_date_of_a_published_line_is_forced_at_once_and_told(story: Story) -> None:
    dropped = date(2026, 12, 23)
    address = reverse("board-series-force", args=[story.line.pk])
    story.client.post(address, {"day": dropped.isoformat(), "reason": "Próba przed jasełkami"})
    assert Session.objects.get(series=story.line, planned_date=dropped).forced_reason == "Próba przed jasełkami"
    assert Message.objects.count() == 1


def test_ended_line_gives_its_coming_dates_back_when_published(story: Story) -> None:
    story.client.post(reverse("board-series-end", args=[story.line.pk]))
    assert story.line.sessions.standing().filter(starts_at__gt=NOW).exists()
    story.publish()
    assert not story.line.sessions.standing().filter(starts_at__gt=NOW).exists()
    assert story.line.sessions.standing().filter(starts_at__lt=NOW).exists()


def test_discarded_draft_leaves_what_is_published(story: Story) -> None:
    story.revise(starts="17:00", ends="17:45")
    story.client.post(reverse("board-series-discard", args=[story.line.pk]))
    assert not Series.objects.filter(replaces=story.line).exists()
    assert story.client.post(reverse("board-series-discard", args=[story.line.pk])).status_code == 409


def test_this_and_following_splits_the_line_and_keeps_what_was_before(story: Story) -> None:
    session = story.line.sessions.filter(starts_at__gt=NOW).order_by("starts_at")[2]
    address = reverse("board-session-following", args=[session.pk])
    assert story.client.get(address).status_code == 200
    facts = story.fields(
        title="Robotyka", groups=[str(story.group.pk)], day=session.planned_date, starts="17:00", ends="17:45"
    )
    story.client.post(address, facts)
    story.publish()
    session.refresh_from_db()
    earlier = Session.objects.filter(series=story.line).latest("starts_at")
    assert session.starts_at.astimezone(story.centre.timetable.tz).time() == time(17)
    assert earlier.starts_at < session.starts_at
    assert Message.objects.count() == 1


def test_term_is_opened_changed_and_discarded(story: Story) -> None:
    facts = {"name": "Lato 2027", "starts_on": "2027-06-28", "ends_on": "2027-08-31"}
    story.client.post(reverse("board-term-new"), facts)
    term = Term.objects.get(name="Lato 2027")
    page = story.client.get(reverse("board-plan", args=[term.pk])).content.decode()
    assert "W tym okresie nic jeszcze nie zaplanowano" in page
    story.client.post(reverse("board-term-change", args=[term.pk]), facts | {"name": "Wakacje"})
    assert Term.objects.get(pk=term.pk).name == "Wakacje"
    assert story.client.post(reverse("board-term-new"), facts | {"ends_on": "2027-01-01"}).status_code == 409
    story.client.post(reverse("board-term-discard", args=[term.pk]))
    assert not Term.objects.filter(pk=term.pk).exists()
    assert story.client.post(reverse("board-term-discard", args=[story.term.pk])).status_code == 409


def test_copied_term_is_a_draft_with_the_dates_that_drop_out(story: Story) -> None:
    facts = {"name": "2027/28", "starts_on": "2027-09-01", "ends_on": "2028-06-23"}
    page = story.client.post(reverse("board-term-copy", args=[story.term.pk]), facts).content.decode()
    assert "1 seria jest w szkicu" in page
    assert "Święto Narodowe Trzeciego Maja" in page  # a Wednesday in 2028
    assert "Święto Niepodległości" not in page  # a Thursday in 2027
    copied = Series.objects.get(term__name="2027/28")
    assert (copied.weekday, copied.published_at) == (2, None)
    assert not Message.objects.exists()


def test_days_off_are_added_and_removed(story: Story) -> None:
    address = reverse("board-closures")
    facts = {"name": "Remont", "starts_on": "2026-12-09", "ends_on": "2026-12-09"}
    story.client.post(address, facts)
    closure = Closure.objects.get(name="Remont")
    assert "Remont" in story.client.get(address).content.decode()
    removed = story.client.get(reverse("board-publish", args=[story.term.pk])).context["plan"].publication.removed
    assert [each.planned_date for each in removed] == [date(2026, 12, 9)]
    assert story.client.post(address, facts | {"ends_on": "2026-12-08"}).status_code == 409
    story.client.post(reverse("board-closure-remove", args=[closure.pk]))
    assert not Closure.objects.filter(name="Remont").exists()


def test_strangers_find_no_plan(story: Story) -> None:
    foreign = make_staff(Role.ORGANISER)
    instructor = make_staff(Role.INSTRUCTOR, centre=story.centre)
    session = story.line.sessions.latest("starts_at")
    addresses = [
        story.board,
        reverse("board-publish", args=[story.term.pk]),
        reverse("board-term-copy", args=[story.term.pk]),
        reverse("board-term-change", args=[story.term.pk]),
        reverse("board-series-new", args=[story.term.pk]),
        reverse("board-series", args=[story.line.pk]),
        reverse("board-session-following", args=[session.pk]),
    ]
    for account in (foreign.person.account, instructor.person.account, story.family.account, make_account()):
        client = story.login(account)
        assert {client.get(address).status_code for address in addresses} == {404}
        assert client.post(reverse("board-series-shift", args=[story.line.pk])).status_code == 404
        assert client.post(reverse("board-series-end", args=[story.line.pk])).status_code == 404
        assert client.get(reverse("board-closures"), {"centre": "centrum"}).status_code == 404
    assert {Client().get(address).status_code for address in addresses} == {302}
    assert not Series.objects.filter(replaces=story.line).exists()


def test_plan_asks_as_many_queries_for_three_lines_as_for_thirty(story: Story, django_assert_max_num_queries) -> None:
    story.draft()
    with django_assert_max_num_queries(80) as few:
        story.client.get(story.board)
    for number in range(15):
        room = make_room(story.centre.timetable)
        make_series(story.term, room=room, title=f"Obok {number}", published=number % 2 == 0)
    with django_assert_max_num_queries(len(few)):
        story.client.get(story.board)


def test_one_date_is_led_by_somebody_else_and_gets_a_note(story: Story) -> None:
    one, two = (make_colleague(story.centre).resource for _ in range(2))
    story.revise(leader=str(one.pk))
    story.publish()
    Message.objects.all().delete()
    session = story.line.sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    story.client.post(
        reverse("board-session-substitute", args=[session.pk]),
        {"substitute-leader": str(two.pk), "substitute-note": ""},
    )
    assert Session.objects.get(pk=session.pk).leader == two
    story.client.post(reverse("board-session-note", args=[session.pk]), {"note-note": "Weźcie stroje."})
    assert Session.objects.get(pk=session.pk).note == "Weźcie stroje."
    assert Message.objects.filter(recipient_id=story.family.guardian.pk).count() == 2


def test_moving_onto_a_day_of_rest_asks_for_a_reason(story: Story) -> None:
    session = story.line.sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    facts = {"day": "2026-12-25", "starts": "16:00", "ends": "16:45", "room": str(story.room.pk), "note": ""}
    sent = {f"move-{name}": value for name, value in facts.items()}
    address = reverse("board-session-move", args=[session.pk])
    answer = story.client.post(address, sent)
    assert answer.status_code == 409
    assert "Boże Narodzenie" in answer.content.decode()
    story.client.post(address, sent | {"move-forced_reason": "Wigilia dla samotnych"})
    assert Session.objects.get(pk=session.pk).forced_reason == "Wigilia dla samotnych"
