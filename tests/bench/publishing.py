"""Publishing a term of 200 series in 20 weeks, against a bare insert of the very same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from booking.domain.term_publishing import plan_term, publish_term
from booking.models import SessionChange, TermPublication
from scheduler.domain.publishing import publish_series
from scheduler.models import Reservation, Series, Session, TimetableChange
from tests.bench.measuring import Result, count_of, settle, take_turns, times_the_limit
from tests.bench.year import make_drafts
from tests.factories import PUBLISHED_AT, make_account, make_centre

TWENTY_WEEKS = date(2027, 1, 22)  # of lessons: holidays take five days out of twenty-one
TURNS = 5
WRITES = ("INSERT", "UPDATE", "DELETE")
MOST_QUERIES = 40  # of a preview, however many sessions there are


def measure() -> Iterator[Result]:
    """Compare publishing with inserting, as the scheduler does it and as an organiser does, then publish again."""
    drafts = make_drafts(ends_on=TWENTY_WEEKS)
    keys, term = [line.pk for line in drafts], drafts[0].term
    by = make_account()
    make_centre(timetable=term.timetable)
    publish_series(series_ids=keys, now=PUBLISHED_AT)
    settle()
    sessions, reservations = list(Session.objects.all()), list(Reservation.objects.all())
    take_back()
    fingerprint = plan_term(term_id=term.pk, now=PUBLISHED_AT).fingerprint
    taken = take_turns(
        {
            "ours": lambda: publish_series(series_ids=keys, now=PUBLISHED_AT),
            "whole": lambda: publish_term(term_id=term.pk, fingerprint=fingerprint, by=by, now=PUBLISHED_AT),
            "bare": lambda: insert(sessions, reservations),
        },
        turns=TURNS,
        before=take_back,
    )
    name = f"publish: {len(sessions)} sessions, bare bulk_create"
    yield times_the_limit(name, taken, limit="bare", at_most=4)
    yield times_the_limit(f"{name}; with all checks", taken, limit="bare", at_most=4, name_of="whole")
    take_back()
    yield from _count(lambda: plan_term(term_id=term.pk, now=PUBLISHED_AT), "queries of a preview", MOST_QUERIES, ())
    publish_term(term_id=term.pk, fingerprint=fingerprint, by=by, now=PUBLISHED_AT)
    again = plan_term(term_id=term.pk, now=PUBLISHED_AT).fingerprint

    def publish_again() -> None:
        publish_term(term_id=term.pk, fingerprint=again, by=by, now=PUBLISHED_AT)

    yield from _count(publish_again, "writes of a second publication", 0, WRITES)


def _count(call: Callable[[], object], name: str, at_most: int, verbs: tuple[str, ...]) -> Iterator[Result]:
    """Count the queries of a call, or only those with these verbs."""
    with CaptureQueriesContext(connection) as captured:
        call()
    asked = [query["sql"].lstrip().upper() for query in captured]
    counted = [sql for sql in asked if not verbs or sql.startswith(verbs)]
    yield count_of(f"publish: {name}", ours=len(counted), at_most=at_most)


@transaction.atomic
def insert(sessions: list[Session], reservations: list[Reservation]) -> None:
    """Insert the rows and nothing else."""
    for reservation in reservations:
        reservation.pk = None
    Session.objects.bulk_create(sessions)
    Reservation.objects.bulk_create(reservations)


def take_back() -> None:
    """Bring the term back to drafts."""
    for model in (TermPublication, SessionChange, TimetableChange, Reservation, Session):
        model.objects.all().delete()
    Series.objects.update(published_at=None)
