"""Administration pages: setting up a centre, its people and its offer. What happens day by day has pages of its own."""

import allauth.account.admin  # noqa: F401  registers its pages now, so that they can be taken away whatever the order of apps
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from booking.admin import accounts, care, offer, people, places, rules, series

__all__ = ["accounts", "care", "offer", "people", "places", "rules", "series"]

# Rights follow roles of staff, and addresses belong to accounts: these pages would only lead astray.
for model in (Group, EmailAddress):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

admin.site.site_title = "Grafik"
admin.site.site_header = _("Setting up Grafik")
admin.site.index_title = _("What to set up")
