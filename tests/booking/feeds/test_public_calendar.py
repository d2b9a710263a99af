from __future__ import annotations

import uuid
from datetime import date

import pytest
import time_machine

from tests.calendar_readers import events_in
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_series,
    make_service,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


def titles(response) -> set[str]:
    assert response.status_code == 200
    return {str(event["SUMMARY"]) for event in events_in(response.content)}


@pytest.fixture
def centre():
    """A centre with one public group, one inner line, and one that is called public by mistake."""
    centre = make_centre(slug="town")
    term = make_term(centre.timetable)
    make_group(make_activity(centre), name="Taniec 7–9", series=[make_series(term, title="Taniec")], term=term)
    make_series(term, title="Odprawa", day=date(2026, 9, 3), audience="staff")
    mistaken = make_series(term, title="Psychoterapia", day=date(2026, 9, 4))
    make_service(centre, sensitivity="sensitive").series.add(mistaken)
    return centre


def test_public_calendar_shows_only_what_anyone_may_know(client, centre):
    family = make_family(centre)
    make_enrolment(family.child, centre.activities.get().groups.get())
    response = client.get("/calendars/public/town.ics")

    assert titles(response) == {"Taniec"}
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("public, max-age=300", "noindex")
    content = response.content.decode()
    assert "CLASS:PUBLIC" in content
    assert f"X-WR-CALNAME:{centre.name}" in content
    assert family.child.given_name not in content


def test_group_calendar_shows_that_group(client, centre):
    other = make_weekly_group(make_activity(centre, name="Szachy"), day=date(2026, 9, 1))
    response = client.get(f"/calendars/public/town/{other.pk}.ics")

    assert titles(response) == {"Szachy"}


def test_public_calendar_reads_the_same_in_every_language_asked_for(client, centre):
    answers = [client.get("/calendars/public/town.ics", headers={"accept-language": each}) for each in ("pl", "uk")]

    assert answers[0].content == answers[1].content
    assert answers[0]["ETag"] == answers[1]["ETag"]


def test_group_that_is_closed_foreign_or_unknown_is_404(client, centre):
    closed = make_weekly_group(make_activity(centre, sensitivity="sensitive"), day=date(2026, 9, 1))
    foreign = make_weekly_group(make_activity(make_centre()))
    addresses = [
        *(f"town/{key}.ics" for key in (closed.pk, foreign.pk, uuid.uuid4(), "not-an-id")),
        "nowhere.ics",
        f"nowhere/{foreign.pk}.ics",
        "żółw.ics",
    ]
    answers = [client.get(f"/calendars/public/{address}") for address in addresses]

    assert {(each.status_code, each.content) for each in answers} == {(404, b"404\n")}


def test_known_bytes_are_answered_304(client, centre):
    etag = client.get("/calendars/public/town.ics")["ETag"]

    assert client.get("/calendars/public/town.ics", headers={"if-none-match": etag}).status_code == 304
