"""Forgetting: what was said and to which address is erased a year after it was said; that it was said stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from notifications.models import Message

KEPT = timedelta(days=365)


def erase_old_texts(*, now: datetime) -> int:
    """Erase the text, the name and the address of messages older than a year; return how many were erased now."""
    old = Message.objects.older_than(now - KEPT).exclude(state__in=[Message.State.QUEUED, Message.State.SENDING])
    telling = old.filter(~Q(text="") | ~Q(address="") | ~Q(recipient_name="") | ~Q(facts={}))
    return telling.update(subject="", text="", calendar="", address="", recipient_name="", error="", facts={})
