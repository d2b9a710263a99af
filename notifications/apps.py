"""The notifications' place among Django's apps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Names the app."""

    name = "notifications"
    verbose_name = _("Messages")
