"""Booking's place among Django's apps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingConfig(AppConfig):
    """Names the app."""

    name = "booking"
    verbose_name = _("Booking")
