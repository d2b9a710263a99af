"""The scheduler's place among Django's apps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulerConfig(AppConfig):
    """Registers the system checks that keep the scheduler honest."""

    name = "scheduler"
    verbose_name = _("Timetables")

    def ready(self) -> None:
        """Make the checks known to Django."""
        from scheduler import checks  # noqa: F401, PLC0415  checks register themselves once apps are loaded
