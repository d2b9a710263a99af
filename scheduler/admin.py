"""django-scheduler's own admin pages are closed: its rows are written through the scheduler's functions only."""

from django.contrib import admin
from schedule.models import Calendar, CalendarRelation, Event, EventRelation, Occurrence, Rule

for model in (Calendar, CalendarRelation, Event, EventRelation, Occurrence, Rule):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
