"""Calendars that other programs fetch: secret ones of an account, public ones of a centre."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from booking.feeds.answers import answer_feed
from booking.feeds.contents import public_feed, secret_feed
from booking.models import CalendarSubscription, Centre, Group
from booking.models.subscription import token_hash

logger = logging.getLogger(__name__)

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
NOTED_EVERY = timedelta(hours=1)
FOR_ITS_OWNER = "private, no-cache"
FOR_EVERYONE = "public, max-age=300"


@csrf_exempt  # only reads; other methods get a plain 405
@require_safe
def secret_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the calendar behind a secret; an unknown, revoked or impossible secret is the same 404."""
    if not TOKEN.fullmatch(token):
        return no_calendar(request)
    live = CalendarSubscription.objects.live().filter(owner__is_active=True).select_related("owner")
    subscription = live.filter(token_hash=token_hash(token)).first()
    if subscription is None:
        return no_calendar(request)
    now = timezone.now()
    feed = secret_feed(subscription, on=timezone.localdate(now))
    return answer_feed(request, feed, caching=FOR_ITS_OWNER, afterwards=_note_of_reading(subscription, now))


@csrf_exempt
@require_safe
def public_calendar(request: HttpRequest, slug: str, group_id: uuid.UUID | None = None) -> HttpResponse:
    """Answer a centre's public sessions, or those of one of its public groups."""
    centre = Centre.objects.filter(slug=slug).first()
    group = Group.objects.public().filter(pk=group_id, activity__centre=centre).first() if group_id else None
    if centre is None or (group_id and group is None):
        return no_calendar(request)
    feed = public_feed(centre=centre, group=group, on=timezone.localdate())
    return answer_feed(request, feed, caching=FOR_EVERYONE)


@csrf_exempt
@require_safe
def no_calendar(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  every view is given the request
    """Answer 404 in plain text, the same whatever is wrong."""
    return HttpResponse(
        "404\n",
        status=404,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
    )


def _note_of_reading(subscription: CalendarSubscription, now: datetime) -> Callable[[], None] | None:
    """Return what notes that the calendar was read, at most once an hour, or None if it was noted lately."""
    if subscription.last_read_at is not None and subscription.last_read_at > now - NOTED_EVERY:
        return None

    def note() -> None:
        long_ago = Q(last_read_at__isnull=True) | Q(last_read_at__lte=now - NOTED_EVERY)
        try:
            with transaction.atomic():
                own = CalendarSubscription.objects.filter(long_ago, pk=subscription.pk)
                if own.select_for_update(skip_locked=True).exists():
                    own.update(last_read_at=now)
        except DatabaseError:
            logger.warning("a reading of calendar %s was not noted", subscription.pk)

    return note
