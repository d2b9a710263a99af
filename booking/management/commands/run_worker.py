"""The worker: delivers messages, keeps the lines moving and forgets what is old, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from types import FrameType

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone

from booking.domain.appointment_answers import expire_overdue_appointments
from booking.domain.appointment_offers import offer_earlier_times
from booking.domain.appointment_reminders import remind_of_visits
from booking.domain.busy_calendars import refresh_due_calendars
from booking.domain.consent_holds import release_overdue_holds
from booking.domain.cover_tasks import close_settled_lines
from booking.domain.guests import expire_overdue_guest_places
from booking.domain.offers import expire_overdue_offers
from booking.domain.referrals import settle_kept_referrals
from booking.domain.retention import (
    delete_ended_login_codes,
    delete_ended_short_links,
    delete_ended_tokens,
    delete_old_answers,
    delete_old_card_readings,
    delete_old_cases,
    delete_old_referrals,
    delete_old_time_off,
    delete_refused_referrals,
    delete_revoked_calendars,
)
from booking.domain.sms_routes import call_about_silent_sms
from booking.domain.waitlist import promote_waiting_groups
from notifications.delivery import deliver_due
from notifications.retention import erase_old_texts

logger = logging.getLogger(__name__)

ASK_EVERY = timedelta(minutes=1)  # after a night or an enlargement the line is asked again
TIDY_EVERY = timedelta(hours=1)
AFTER_DATABASE_ERROR_SECONDS = 5.0
LOOK_OUTSIDE_SECONDS = 5.0
EXPIRING: tuple[Callable[..., int], ...] = (
    expire_overdue_offers,
    release_overdue_holds,
    expire_overdue_guest_places,
    expire_overdue_appointments,
)
ASKING: tuple[Callable[..., int], ...] = (
    promote_waiting_groups,
    offer_earlier_times,
    remind_of_visits,
    call_about_silent_sms,
)
TIDYING: tuple[Callable[..., int], ...] = (
    close_settled_lines,
    erase_old_texts,
    delete_old_answers,
    delete_revoked_calendars,
    delete_ended_tokens,
    delete_ended_login_codes,
    delete_ended_short_links,
    delete_old_card_readings,
    delete_old_cases,
    delete_old_time_off,
    settle_kept_referrals,
    delete_old_referrals,
    delete_refused_referrals,
)


class Command(BaseCommand):
    """Delivers due messages, ends offers that nobody answered and deletes what is kept only for a while."""

    help = "Deliver messages, expire offers and forget what is old; safe to run many times over and on many machines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now, then end")
        parser.add_argument("--pause", type=float, default=1.0, help="seconds between two looks into the outbox")

    def handle(self, *args: object, once: bool, pause: float, **options: object) -> None:
        self.stop = threading.Event()
        self.tidied_at: datetime | None = None
        self.asked_at: datetime | None = None
        before = {number: signal.signal(number, self.end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.empty_outbox() if once else self.run(pause)
        finally:
            for number, answer in before.items():
                signal.signal(number, answer)

    def empty_outbox(self) -> None:
        """Deliver until nothing is due, then read the calendars outside whose time has come."""
        while self.work():
            pass
        refresh_due_calendars(clock=timezone.now, until=self.stop.is_set)

    def run(self, pause: float) -> None:
        """Deliver until told to stop."""
        logger.info("worker started")
        threading.Thread(target=self.look_outside, name="calendars outside", daemon=True).start()
        while not self.stop.is_set():
            self.stop.wait(self.look(pause))
        logger.info("worker stopped")

    def look_outside(self) -> None:
        """Read calendars outside until told to stop, beside the messages, which never wait for a slow server."""
        while not self.stop.is_set():
            try:
                close_old_connections()
                refresh_due_calendars(clock=timezone.now, until=self.stop.is_set)
            except (OperationalError, InterfaceError) as failure:
                logger.warning("database: %s", type(failure).__name__)
                connections.close_all()
            self.stop.wait(LOOK_OUTSIDE_SECONDS)
        connections.close_all()

    def end(self, number: int, frame: FrameType | None) -> None:
        """Finish the message in hand and stop."""
        self.stop.set()

    def look(self, pause: float) -> float:
        """Do what is due and return for how many seconds to rest; a database that is gone is waited for."""
        try:
            close_old_connections()
            return 0.0 if self.work() else pause
        except (OperationalError, InterfaceError) as failure:
            logger.warning("database: %s", type(failure).__name__)
            connections.close_all()
            return AFTER_DATABASE_ERROR_SECONDS

    def work(self) -> bool:
        """Move the lines, deliver what is due, and tidy up once an hour; say whether there may be more to deliver."""
        now = timezone.now()
        _take(EXPIRING, now)
        if self.asked_at is None or now >= self.asked_at + ASK_EVERY:
            self.asked_at = now
            _take(ASKING, now)
        if self.tidied_at is None or now >= self.tidied_at + TIDY_EVERY:
            self.tidied_at = now
            _take(TIDYING, now)
        return not self.stop.is_set() and deliver_due(clock=timezone.now, until=self.stop.is_set) > 0


def _take(steps: Iterable[Callable[..., int]], now: datetime) -> None:
    """Do every step that is due, and log what it did."""
    for step in steps:
        if count := step(now=now):
            logger.info("%s: %d", step.__name__, count)
