"""django-scheduler's own admin pages are closed: its rows are written through the scheduler's functions only."""

import schedule.admin  # noqa: F401  registers its pages now, so that they can be taken away whatever the order of apps
from django.contrib import admin
from schedule.models import Calendar, CalendarRelation, Event, EventRelation, Occurrence, Rule

for model in (Calendar, CalendarRelation, Event, EventRelation, Occurrence, Rule):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
