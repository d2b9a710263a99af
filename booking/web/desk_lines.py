"""The lines of a centre: where somebody waits, holds an offer or is to be decided about; groups by invitation."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.models import Enrolment, Group, LineEvent
from booking.models.names import title_key
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.offer_words import full_name

Status = Enrolment.Status


@login_required
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """List the groups of the desk's centre whose line has, or had, somebody in it: those to look after first."""
    desk = Desk.of(request)
    steps = LineEvent.objects.filter(enrolment__group=OuterRef("pk"))
    offered = Count("enrolments", filter=Q(enrolments__status=Status.OFFERED))
    pending = Count("enrolments", filter=Q(enrolments__status=Status.PENDING))
    own = Group.objects.filter(activity__centre=desk.centre).select_related("activity")
    running_by_invitation = Q(entry=Group.Entry.INVITED, term__ends_on__gte=desk.today)
    groups = own.annotate(offered=offered, pending=pending, has_log=Exists(steps)).filter(
        Q(waiting__gt=0) | Q(offered__gt=0) | Q(pending__gt=0) | Q(has_log=True) | running_by_invitation
    )
    found = sorted(((group, full_name(group)) for group in groups), key=lambda each: title_key(each[1]))
    # The counts of the query are no fields of the model, so the type checker cannot know them.
    found.sort(key=lambda each: not any(getattr(each[0], count) for count in ("waiting", "offered", "pending")))
    facts = {"centre": desk.centre, "groups": found, "crumbs": crumbs(_("Waiting lists"))}
    return render(request, "booking/desk/lines.html", facts)
