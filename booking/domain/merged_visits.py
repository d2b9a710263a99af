"""Visits that two records of one person both know of: she is one party of each, and waits once for an earlier one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from booking.domain.merged_doubles import Pair
from booking.models import AppointmentParty, SlotWatch


def join_visits(pair: Pair, *, now: datetime) -> int:
    """Drop what makes her a party of one visit twice, end the later of two wishes for one service; return how many."""
    parties = AppointmentParty.objects.filter(person__in=pair)
    own = Q(appointment__person__in=pair)
    mine = parties.filter(person=pair.keep).values_list("appointment_id", flat=True)
    doubled, _of_each = parties.filter(own | Q(person=pair.give_up, appointment__in=list(mine))).delete()
    first: set[object] = set()
    for watch in SlotWatch.objects.filter(person__in=pair, ended_at__isnull=True).order_by("created_at", "pk"):
        if watch.service_id in first:
            watch.ended_at, watch.end = now, SlotWatch.End.TAKEN_BACK
            watch.save(update_fields=["ended_at", "end"])
            doubled += 1
        first.add(watch.service_id)
    return doubled
