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
        from booking.domain import safe_contacts  # noqa: F401, PLC0415  as below
        from booking.messages import (  # noqa: F401, PLC0415  models are ready only now
            absences,
            appointments,
            busy_calendars,
            consents,
            cover,
            enrolments,
            guests,
            invitations,
            line,
            publications,
            referrals,
            session_changes,
        )
