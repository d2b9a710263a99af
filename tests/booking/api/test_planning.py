"""Planning a timetable through REST: drafts, preview, publishing, changes of one date, closures, the log."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import URLPattern

from booking.api import urls
from booking.models import Group, TermPublication
from notifications.models import Message
from scheduler.models import Closure, Series, Session, Term
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_place,
    make_room,
    make_series,
    make_staff,
    make_weekly_group,
)
from tests.factories_staffing import make_colleague

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")
LINE = {"title": "Szachy", "day": "2026-11-23", "starts": "15:00", "ends": "15:45", "audience": "public"}


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


class Story:
    """A centre with a published group on Wednesdays at 16:00, a family in it, the organiser and a stranger."""

    def __init__(self) -> None:
        self.centre = make_centre(slug="centrum")
        self.room = make_room(self.centre.timetable, name="Sala A")
        activity = make_activity(self.centre, name="Robotyka")
        self.group = make_weekly_group(activity, room=self.room)
        self.family = make_family(self.centre, children=(7,))
        make_enrolment(self.family.child, self.group)
        Message.objects.all().delete()
        self.term = self.group.term
        self.line = self.group.series.get()
        self.organiser = make_staff(centre=self.centre).person.account
        self.client = caller(self.organiser)
        self.stranger = caller(make_staff().person.account)

    @property
    def next_session(self) -> Session:
        return self.line.sessions.filter(starts_at__gt=NOW).earliest("starts_at")

    def post(self, path: str, body: dict | None = None, *, status: int = 200, client=None) -> dict:
        answer = (client or self.client).post(f"{V1}/{path}", body or {}, format="json")
        assert answer.status_code == status, answer.content
        return answer.json()

    def get(self, path: str) -> dict:
        answer = self.client.get(f"{V1}/{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def publish(self, **body) -> dict:
        preview = self.get(f"terms/{self.term.pk}/preview/")
        return self.post(f"terms/{self.term.pk}/publish/", {"fingerprint": preview["fingerprint"], **body})


@pytest.fixture
def story() -> Story:
    return Story()


# -- drafting and publishing ------------------------------------------------------------------------------------------


def test_line_is_drafted_previewed_and_published(story):
    line = story.post(f"terms/{story.term.pk}/series/", LINE | {"room": str(story.room.pk)}, status=201)
    assert (line["weekdays"], line["published_at"], line["room"]["name"]) == ([0], None, "Sala A")
    assert not Session.objects.filter(series=line["id"]).exists()

    preview = story.get(f"terms/{story.term.pk}/preview/")
    assert {each["series"] for each in preview["added"]} == {line["id"]}
    assert (preview["changed"], preview["removed"], preview["findings"]) == ([], [], [])
    assert preview["told"] == {"families": 0, "staff": 0, "by_desk": 0}
    reasons = {(each["day"], each["kind"], each["name"]) for each in preview["dropped"] if each["series"] == line["id"]}
    assert ("2027-03-29", "holiday", "Easter Monday") in reasons

    done = story.post(f"terms/{story.term.pk}/publish/", {"fingerprint": preview["fingerprint"]})
    assert done["added"] == len(preview["added"]) == Session.objects.filter(series=line["id"]).count()
    again = story.publish()
    assert (again["id"], again["added"], again["told"]) == (None, 0, 0)
    assert TermPublication.objects.count() == 1


def test_revision_is_seen_by_nobody_until_it_is_published(story):
    public = caller().get(f"{V1}/groups/{story.group.pk}/").json()
    revised = story.client.put(
        f"{V1}/series/{story.line.pk}/",
        LINE
        | {
            "title": "Robotyka",
            "day": "2026-09-02",
            "starts": "16:30",
            "ends": "17:15",
            "groups": [str(story.group.pk)],
        },
        format="json",
    ).json()
    assert revised["replaces"] == str(story.line.pk)
    shown = caller().get(f"{V1}/groups/{story.group.pk}/").json()
    assert shown["series"] == public["series"]

    done = story.publish()
    assert (done["changed"], done["told"]) == (27, 1)
    assert story.next_session.starts_at.astimezone(WARSAW).strftime("%H:%M") == "16:30"
    (line,) = caller().get(f"{V1}/groups/{story.group.pk}/").json()["series"]
    assert (line["id"], line["starts"]) == (str(story.line.pk), "16:30")
    assert not Series.objects.filter(replaces__isnull=False).exists()


def test_another_state_than_the_preview_is_answered_with_the_new_preview(story):
    story.post(f"terms/{story.term.pk}/series/", LINE, status=201)
    old = story.get(f"terms/{story.term.pk}/preview/")
    story.post(f"terms/{story.term.pk}/series/", LINE | {"title": "Go", "starts": "17:00", "ends": "17:45"}, status=201)
    answer = story.client.post(
        f"{V1}/terms/{story.term.pk}/publish/", {"fingerprint": old["fingerprint"]}, format="json"
    )
    body = problem_of(answer, 409, "plan_changed")
    assert body["preview"] == story.get(f"terms/{story.term.pk}/preview/")
    assert Series.objects.filter(published_at=None).count() == 2


def test_clash_stops_publishing_with_its_code(story):
    clashing = LINE | {"day": "2026-11-25", "starts": "16:30", "ends": "17:00", "room": str(story.room.pk)}
    line = story.post(f"terms/{story.term.pk}/series/", clashing, status=201)
    preview = story.get(f"terms/{story.term.pk}/preview/")
    (finding,) = preview["findings"]
    assert (finding["code"], finding["stops"], finding["series"]) == ("room_clash", True, line["id"])
    assert len(finding["starts_at"]) == 26
    answer = story.client.post(
        f"{V1}/terms/{story.term.pk}/publish/", {"fingerprint": preview["fingerprint"]}, format="json"
    )
    problem_of(answer, 409, "room_clash")
    assert not Session.objects.filter(series=line["id"]).exists()


def test_warning_is_published_only_with_a_reason(story):
    small = make_room(story.centre.timetable, capacity=5)
    body = LINE | {"room": str(small.pk), "groups": [str(make_group(story.group.activity, term=story.term).pk)]}
    story.post(f"terms/{story.term.pk}/series/", body, status=201)
    preview = story.get(f"terms/{story.term.pk}/preview/")
    codes = {each["code"] for each in preview["findings"]}
    assert codes >= {"room_capacity"}
    assert not any(each["stops"] for each in preview["findings"])
    address = f"{V1}/terms/{story.term.pk}/publish/"
    refused = story.client.post(address, {"fingerprint": preview["fingerprint"]}, format="json")
    problem_of(refused, 409, "reason_missing")
    done = story.publish(reason="Połowa grupy gra na korytarzu.")
    assert done["warnings"]
    assert TermPublication.objects.get().reason == "Połowa grupy gra na korytarzu."


def test_term_is_opened_as_a_copy_that_families_do_not_see(story):
    body = {"centre": "centrum", "name": "2027/28", "starts_on": "2027-09-01", "ends_on": "2028-06-23"}
    term = story.post("terms/", body | {"copy_of": str(story.term.pk)}, status=201)
    (line,) = rows_of(story.client.get(f"{V1}/terms/{term['id']}/series/"))
    assert (line["day"], line["starts"], line["published_at"]) == ("2027-09-01", "16:00", None)
    copied = Group.objects.get(term=term["id"])
    assert caller().get(f"{V1}/groups/{copied.pk}/").status_code == 404
    story.term = Term.objects.get(pk=term["id"])
    codes = [each["code"] for each in story.get(f"terms/{term['id']}/preview/")["findings"]]
    assert codes == ["breaks_unknown"]  # nobody has entered the school breaks of that year yet
    story.publish(reason="Przerw w szkołach jeszcze nie ogłoszono.")
    assert caller().get(f"{V1}/groups/{copied.pk}/").status_code == 200


def test_following_dates_get_other_facts_and_keep_their_identity(story):
    session = story.line.sessions.filter(starts_at__gt=NOW).order_by("starts_at")[2]
    before = dict(story.line.sessions.values_list("pk", "starts_at"))
    facts = LINE | {"title": "Robotyka", "day": str(session.planned_date), "starts": "17:00", "ends": "17:45"}
    line = story.post(f"series/{story.line.pk}/following/", facts | {"session": str(session.pk)}, status=201)
    assert line["continues"] == str(story.line.pk)
    assert line["groups"] == [str(story.group.pk)]
    done = story.publish()
    assert (done["added"], done["removed"], done["changed"]) == (0, 0, 25)
    moved = Session.objects.filter(series=line["id"])
    assert {each.pk for each in moved} == {key for key, starts in before.items() if starts >= session.starts_at}
    assert {each.sequence for each in moved} == {1}
    left = story.line.sessions.values_list("pk", "starts_at", "sequence")
    assert all(before[key] == starts and sequence == 0 for key, starts, sequence in left)


def test_line_is_ended_and_the_draft_of_it_discarded(story):
    story.post(f"series/{story.line.pk}/end/")
    assert len(story.get(f"terms/{story.term.pk}/preview/")["removed"]) == 27
    assert story.client.delete(f"{V1}/series/{story.line.pk}/").status_code == 204
    assert story.get(f"terms/{story.term.pk}/preview/")["empty"]
    problem_of(story.client.delete(f"{V1}/series/{story.line.pk}/"), 409, "published")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"day": "2027-03-28", "starts": "02:30", "ends": "03:30"}, "missing_hour"),
        ({"starts": "16:00", "ends": "16:00"}, "empty_hours"),
        ({"day": "2027-07-01"}, "outside_term"),
        ({"recurrence": "easter"}, "easter_too_far"),
    ],
)
def test_impossible_line_is_refused_with_a_sentence(story, changed, code):
    answer = story.client.post(f"{V1}/terms/{story.term.pk}/series/", LINE | changed, format="json")
    problem_of(answer, 409, code)
    assert Series.objects.count() == 1


# -- one date ---------------------------------------------------------------------------------------------------------


def test_one_date_is_cancelled_restored_moved_led_by_another_and_noted(story):
    session = story.next_session
    first, other = (make_colleague(story.centre).resource for _number in range(2))
    Session.objects.filter(pk=session.pk).update(leader=first)
    later = (session.starts_at + timedelta(days=1), session.ends_at + timedelta(days=1))
    move = {"starts_at": later[0].isoformat(), "ends_at": later[1].isoformat(), "room": str(story.room.pk)}
    steps = [
        ("cancel", {"note": "Choroba."}, "cancelled"),
        ("restore", {}, "scheduled"),
        ("move", move, "moved"),
        ("substitute", {"leader": str(other.pk)}, "moved"),
        ("note", {"note": "Proszę zabrać buty na zmianę."}, "moved"),
    ]
    for number, (what, body, status) in enumerate(steps, start=1):
        told = story.post(f"sessions/{session.pk}/{what}/", body)
        assert (told["id"], told["status"], told["sequence"]) == (str(session.pk), status, number)
        assert story.post(f"sessions/{session.pk}/{what}/", body) == told
    kinds = list(session.changes.order_by("at", "id").values_list("kind", flat=True))
    assert kinds == ["cancelled", "restored", "moved", "substituted", "noted"]
    assert set(session.changes.values_list("by", flat=True)) == {story.organiser.pk}
    family = Message.objects.filter(recipient_id=story.family.guardian.pk)
    assert family.count() == 5


def test_day_of_rest_is_taken_only_with_a_reason(story):
    session = story.next_session
    starts = datetime(2026, 12, 24, 16, 0, tzinfo=WARSAW)
    body = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(minutes=45)).isoformat(), "room": None}
    answer = story.client.post(f"{V1}/sessions/{session.pk}/move/", body, format="json")
    told = problem_of(answer, 409, "closed_day")
    assert "24 December 2026" in told["detail"]
    moved = story.post(f"sessions/{session.pk}/move/", body | {"forced_reason": "Jasełka."})
    assert moved["starts_at"].startswith("2026-12-24T16:00")
    forced = story.post(f"series/{story.line.pk}/force/", {"day": "2026-12-23", "reason": "Próba jasełek."})
    assert forced["starts_at"].startswith("2026-12-23T16:00")
    assert story.get(f"terms/{story.term.pk}/preview/")["empty"]
    answer = story.client.post(
        f"{V1}/series/{story.line.pk}/force/", {"day": "2026-12-22", "reason": "x"}, format="json"
    )
    problem_of(answer, 409, "not_planned")


# -- closures and the log ---------------------------------------------------------------------------------------------


def test_closure_of_one_place_takes_only_its_dates_back(story):
    place = make_place(story.centre.timetable)
    elsewhere = make_room(story.centre.timetable, place=place)
    line = make_series(
        story.term, room=elsewhere, starts=datetime(2026, 1, 1, 17).time(), ends=datetime(2026, 1, 1, 18).time()
    )
    body = {"centre": "centrum", "name": "Malowanie", "starts_on": "2026-12-01", "ends_on": "2026-12-04"}
    made = story.post("closures/", body | {"place": str(place.pk)}, status=201)
    listed = caller().get(f"{V1}/closures/?centre=centrum&from=2026-12-01&to=2026-12-07").json()["results"]
    assert [(each["name"], each["place"]) for each in listed] == [("Malowanie", str(place.pk))]
    preview = story.get(f"terms/{story.term.pk}/preview/")
    assert [each["series"] for each in preview["removed"]] == [str(line.pk)]
    assert story.client.delete(f"{V1}/closures/{made['id']}/").status_code == 204
    assert not Closure.objects.exists()


def test_log_tells_every_change_once_in_order_and_is_read_on_from_its_end(story):
    start = story.get("changes/?limit=200")
    assert [each["number"] for each in start["results"]] == list(range(1, len(start["results"]) + 1))
    session = story.next_session
    assert story.client.get(start["next"]).json()["results"] == []
    story.post(f"sessions/{session.pk}/cancel/", {})
    page = story.client.get(start["next"]).json()
    (told,) = page["results"]
    assert (told["subject"], told["subject_id"], told["what"]) == ("session", str(session.pk), "removed")
    again = story.client.get(page["next"]).json()
    assert again["results"] == []
    assert again["next"] == page["next"]


def test_log_tells_strangers_nothing_of_what_they_may_not_see(story):
    secret = make_series(
        story.term, audience="staff", starts=datetime(2026, 1, 1, 9).time(), ends=datetime(2026, 1, 1, 10).time()
    )
    for account, sees in ((story.organiser, True), (make_account(), False)):
        answer = caller(account).get(f"{V1}/changes/?centre=centrum&limit=200").json()["results"]
        ids = {each["subject_id"] for each in answer}
        assert bool(ids & {str(key) for key in secret.sessions.values_list("pk", flat=True)}) is sees


# -- who may ----------------------------------------------------------------------------------------------------------


def test_planning_is_for_those_who_plan_and_nobody_else(story):
    session, closure = (
        story.next_session,
        Closure.objects.create(
            timetable=story.centre.timetable, name="x", starts_on="2027-06-01", ends_on="2027-06-01"
        ),
    )
    keys = {"terms": story.term.pk, "series": story.line.pk, "sessions": session.pk, "closures": closure.pk}
    before = list(Session.objects.order_by("pk").values())
    for pattern in urls.planned:
        assert isinstance(pattern, URLPattern)
        address = str(pattern.pattern).replace("<uuid:id>", "{id}")
        key = keys.get(address.split("/", maxsplit=1)[0])
        if "{id}" not in address or key is None:
            continue
        own = address.format(id=key)
        for method in ("get", "post", "put", "delete"):
            for client in (story.stranger, caller(story.family.account), caller(make_account())):
                body = _body(story, session) if method in {"post", "put"} else None
                mine = getattr(client, method)(f"{V1}/{own}", body, format="json")
                none = getattr(client, method)(f"{V1}/{address.format(id=uuid.uuid4())}", body, format="json")
                assert mine.status_code in {400, 404, 405}, (method, own, mine.content)
                assert mine.content == none.content
            assert getattr(caller(), method)(f"{V1}/{own}").status_code in {401, 405}
    assert list(Session.objects.order_by("pk").values()) == before
    assert rows_of(story.stranger.get(f"{V1}/terms/")) == []


def _body(story: Story, session: Session) -> dict:
    return LINE | {"session": str(session.pk)}


def test_lists_of_lines_ask_a_fixed_number_of_queries(story, django_assert_max_num_queries):
    for number in range(12):
        make_series(story.term, published=False, room=make_room(story.centre.timetable), title=f"L{number}")
    with django_assert_max_num_queries(12):
        assert len(rows_of(story.client.get(f"{V1}/terms/{story.term.pk}/series/"))) == 13
