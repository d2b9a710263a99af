"""The organiser's board: who may open it, and what cancelling, moving and restoring one date does."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Role, SessionChange
from notifications.models import Message
from scheduler.models import Session
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_room,
    make_series,
    make_staff,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


class Story:
    """A centre with one group on Wednesdays at 16:00, a family in it, and the organiser."""

    def __init__(self) -> None:
        self.centre = make_centre(slug="centrum")
        self.room = make_room(self.centre.timetable, name="Sala A")
        self.other_room = make_room(self.centre.timetable, name="Sala B")
        self.group = make_weekly_group(make_activity(self.centre, name="Robotyka"), room=self.room, ages=(6, 9))
        self.family = make_family(self.centre, children=(7,))
        make_enrolment(self.family.children[0], self.group)
        Message.objects.all().delete()
        self.organiser = make_staff(Role.ORGANISER, centre=self.centre)
        self.session = self.group.series.get().sessions.filter(starts_at__gt=NOW).order_by("starts_at").first()
        self.client = Client()
        self.client.force_login(self.organiser.person.account)

    def post(self, what: str, **fields: str):
        address = reverse(f"board-session-{what}", args=[self.session.pk])
        return self.client.post(address, {f"{what}-{name}": value for name, value in fields.items()}, follow=True)

    def move_to(self, day: str, starts: str, ends: str, room: str = "", note: str = ""):
        return self.post("move", day=day, starts=starts, ends=ends, room=room or str(self.room.pk), note=note)

    def now(self) -> Session:
        return Session.objects.get(pk=self.session.pk)


@pytest.fixture
def story() -> Story:
    return Story()


def test_board_shows_the_week_with_how_full_each_session_is(story: Story) -> None:
    page = story.client.get(reverse("board")).content.decode()
    assert "Robotyka" in page
    assert "zapisanych: 1" in page


def test_board_narrows_to_a_room_a_person_or_a_group(story: Story) -> None:
    make_series(make_term(story.centre.timetable, name="obok"), title="Taniec", room=story.other_room)
    page = story.client.get(reverse("board"), {"room": story.other_room.pk}).content.decode()
    assert "Taniec" in page
    assert ">Robotyka<" not in page
    page = story.client.get(reverse("board"), {"group": story.group.pk}).content.decode()
    assert ">Taniec<" not in page


@pytest.mark.parametrize("query", [{"room": "x"}, {"group": str(uuid.uuid4())}, {"person": "9" * 40}])
def test_board_says_when_a_filter_is_unknown_and_shows_everything(story: Story, query: dict[str, str]) -> None:
    answer = story.client.get(reverse("board"), query)
    assert answer.status_code == 200
    assert "Robotyka" in answer.content.decode()


@pytest.mark.parametrize("week", ["2026-W99", "0001-W01", "9999-W52", "x"])
def test_board_answers_an_impossible_week_with_400(story: Story, week: str) -> None:
    assert story.client.get(reverse("board"), {"week": week}).status_code == 400


def test_board_asks_the_same_number_of_queries_for_few_and_many_sessions(
    story: Story, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(40) as few:
        story.client.get(reverse("board"))
    for number in range(15):
        room = make_room(story.centre.timetable)
        make_series(make_term(story.centre.timetable, name=f"okres {number}"), room=room)
    with django_assert_max_num_queries(len(few)):
        story.client.get(reverse("board"))


def test_cancelling_tells_the_family_once_and_leaves_the_other_dates(story: Story) -> None:
    others = Session.objects.exclude(pk=story.session.pk).count()
    page = story.post("cancel", note="Instruktor jest chory.").content.decode()
    assert story.now().status == Session.Status.CANCELLED
    assert (story.now().sequence, story.now().note) == (1, "Instruktor jest chory.")
    assert Session.objects.standing().count() == others
    message = Message.objects.get()
    assert message.kind == "session_cancelled"
    assert message.facts["children"] == [str(story.family.children[0].pk)]
    assert "Odwołaj termin i powiadom rodziny" not in page
    story.post("cancel", note="jeszcze raz")
    assert (Message.objects.count(), SessionChange.objects.count(), story.now().sequence) == (1, 1, 1)


def test_cancelling_lists_whom_to_call(story: Story) -> None:
    guardian = story.family.guardian
    guardian.reach, guardian.phone = "phone", "+48100200399"
    guardian.save()
    page = story.post("cancel").content.decode()
    assert 'href="tel:+48100200399"' in page


def test_moving_keeps_the_identity_and_tells(story: Story) -> None:
    story.move_to("2026-11-19", "17:00", "17:45", room=str(story.other_room.pk), note="Wyjątkowo w czwartek.")
    session = story.now()
    assert session.status == Session.Status.MOVED
    assert session.starts_at == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
    assert session.room == story.other_room
    change = SessionChange.objects.get()
    assert (change.kind, change.by) == ("moved", story.organiser.person.account)
    assert change.was["room"] == "Sala A"
    assert Message.objects.get().kind == "session_moved"


@pytest.mark.parametrize(
    ("day", "starts", "ends", "status"),
    [
        ("2026-11-19", "18:00", "17:00", 422),
        ("2027-03-28", "02:15", "02:45", 422),
        ("0001-01-01", "10:00", "11:00", 422),
        ("9999-12-31", "10:00", "11:00", 422),
        ("x", "10:00", "11:00", 422),
        ("2026-11-02", "10:00", "11:00", 409),
    ],
)
def test_moving_refuses_impossible_times_and_changes_nothing(
    story: Story, day: str, starts: str, ends: str, status: int
) -> None:
    before = story.now()
    assert story.move_to(day, starts, ends).status_code == status
    assert story.now().starts_at == before.starts_at
    assert not Message.objects.exists()


def test_moving_onto_a_taken_room_explains_itself(story: Story) -> None:
    make_series(
        make_term(story.centre.timetable, name="obok"),
        title="Taniec",
        day=datetime(2026, 9, 3, tzinfo=UTC).date(),
        room=story.other_room,
    )
    answer = story.move_to("2026-11-19", "16:15", "17:00", room=str(story.other_room.pk))
    assert answer.status_code == 409
    assert "Sala B" in answer.content.decode()
    assert story.now().sequence == 0


def test_restoring_lets_it_take_place_and_tells(story: Story) -> None:
    story.post("cancel")
    story.post("restore", note="Instruktor wyzdrowiał.")
    assert (story.now().status, story.now().sequence) == (Session.Status.SCHEDULED, 2)
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["session_cancelled", "session_restored"]


def test_a_date_that_is_over_offers_no_changes(story: Story) -> None:
    with time_machine.travel(story.session.ends_at + timedelta(hours=1), tick=False):
        assert story.post("cancel").status_code == 409
        page = story.client.get(reverse("board-session", args=[story.session.pk])).content.decode()
    assert '<form method="post" action="/board' not in page


def test_strangers_find_no_board(story: Story) -> None:
    foreign = make_staff(Role.ORGANISER)
    instructor = make_staff(Role.INSTRUCTOR, centre=story.centre)
    address = reverse("board-session", args=[story.session.pk])
    for account in (foreign.person.account, instructor.person.account, story.family.account, make_account()):
        client = Client()
        client.force_login(account)
        assert client.get(address).status_code == 404
        assert client.post(f"{address}cancel/").status_code == 404
        assert client.get(reverse("board"), {"centre": "centrum"}).status_code == 404
    assert Client().get(address).status_code == 302
    assert story.now().sequence == 0


def test_an_unknown_date_is_not_found(story: Story) -> None:
    assert story.client.get(reverse("board-session", args=[uuid.uuid4()])).status_code == 404


def test_a_get_changes_nothing(story: Story) -> None:
    assert story.client.get(reverse("board-session-cancel", args=[story.session.pk])).status_code == 405
    assert story.now().sequence == 0


def test_board_opens_by_room_and_together_as_a_list_where_a_grid_would_be_crowded(story: Story) -> None:
    timetable = story.centre.timetable
    for number in range(4):
        make_series(make_term(timetable), room=make_room(timetable), title=f"Obok {number}")
    sheet = story.client.get(reverse("board")).context["timetable"].sheets[0]
    assert (sheet.shape, len(sheet.strips)) == ("rows", 6)
    together = story.client.get(reverse("board"), {"by": "all"})
    assert together.context["week"].view == "list"
    assert story.client.get(reverse("board") + together.context["links"].grid).context["week"].view == "grid"
    narrowed = story.client.get(reverse("board"), {"room": story.room.pk})
    assert narrowed.context["week"].view == "grid"


def test_board_keeps_week_and_view_while_a_room_is_chosen(story: Story) -> None:
    page = story.client.get(reverse("board"), {"week": "2026-W49", "view": "list"}).content.decode()
    assert '<input type="hidden" name="week" value="2026-W49">' in page
    assert '<input type="hidden" name="view" value="list">' in page
