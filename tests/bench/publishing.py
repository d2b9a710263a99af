"""Publishing a term of 200 series in 20 weeks, against a bare insert of the very same rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from scheduler.domain.publishing import publish_series
from scheduler.models import Reservation, Series, Session
from tests.bench.measuring import Result, count_of, settle, take_turns, times_the_limit
from tests.bench.year import make_drafts
from tests.factories import PUBLISHED_AT

TWENTY_WEEKS = date(2027, 1, 15)
TURNS = 5
WRITES = ("INSERT", "UPDATE", "DELETE")


def measure() -> Iterator[Result]:
    """Compare publishing with inserting, then publish again."""
    keys = [line.pk for line in make_drafts(ends_on=TWENTY_WEEKS)]
    publish_series(series_ids=keys, now=PUBLISHED_AT)
    settle()
    sessions, reservations = list(Session.objects.all()), list(Reservation.objects.all())
    taken = take_turns(
        {
            "ours": lambda: publish_series(series_ids=keys, now=PUBLISHED_AT),
            "bare": lambda: insert(sessions, reservations),
        },
        turns=TURNS,
        before=take_back,
    )
    yield times_the_limit(f"publish: {len(sessions)} sessions, bare bulk_create", taken, limit="bare", at_most=4)
    take_back()
    publish_series(series_ids=keys, now=PUBLISHED_AT)
    with CaptureQueriesContext(connection) as captured:
        publish_series(series_ids=keys, now=PUBLISHED_AT)
    writes = [query for query in captured if query["sql"].lstrip().upper().startswith(WRITES)]
    yield count_of("publish: writes of a second publication", ours=len(writes), at_most=0)


@transaction.atomic
def insert(sessions: list[Session], reservations: list[Reservation]) -> None:
    """Insert the rows and nothing else."""
    for reservation in reservations:
        reservation.pk = None
    Session.objects.bulk_create(sessions)
    Reservation.objects.bulk_create(reservations)


def take_back() -> None:
    """Bring the term back to drafts."""
    Reservation.objects.all().delete()
    Session.objects.all().delete()
    Series.objects.update(published_at=None)
