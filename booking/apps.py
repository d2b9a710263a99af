"""Booking's place among Django's apps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingConfig(AppConfig):
    """Names the app and registers the letters it can write."""

    name = "booking"
    verbose_name = _("Booking")

    def ready(self) -> None:
        """Load the system checks, the composers of letters and the way they go; each registers itself."""
        from booking import checks  # noqa: F401, PLC0415  as below

        # Of the ways of a message the first that is named holds: a safe contact stands above all.
        from booking.domain import safe_contacts, sms_routes  # noqa: F401, PLC0415  as below
        from booking.messages import (  # noqa: F401, PLC0415  models are ready only now
            absences,
            appointments,
            busy_calendars,
            call_back,
            consents,
            cover,
            enrolments,
            guests,
            hours,
            invitations,
            line,
            publications,
            referrals,
            session_changes,
            visit_series,
        )
