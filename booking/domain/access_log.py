"""Writing down who read whose record at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from booking.models import Account, CardReading, Centre, Person


def note_reading(*, people: Iterable[Person], reader: Account, centre: Centre, page: str, now: datetime) -> None:
    """Note that these people's records were shown, one row a person, in one insert."""
    CardReading.objects.bulk_create(
        CardReading(subject_id=person.pk, reader=reader, centre=centre, page=page, read_at=now) for person in people
    )
