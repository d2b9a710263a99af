"""Inviting people into a group at the desk: finding them by name, who is invited and how it stands, revoking."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.invitations import invite_person, refusal_to_invite, revoke_invitation
from booking.domain.people_search import find_families
from booking.errors import Refusal, Refused
from booking.models import Centre, Enrolment, Group, Invitation, Person
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.offer_words import full_name

CONFLICT = 409
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who fits the search: may be invited, is invited already, or why she cannot be."""

    person: Person
    homes: str
    refusal: Refusal | None
    is_invited: bool


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """Show who is invited to a group of the desk and how it stands, find people by name, and invite one of them."""
    desk = Desk.of(request)
    group = _group(desk, group_id)
    refused: Refusal | None = None
    with timezone.override(group.term.timetable.tz):
        if request.method == "POST":
            person = desk.person(_key(request.POST.get("person", "")))
            try:
                invite_person(person=person, group=group, by=desk.account, now=desk.now)
                messages.success(request, _("%(name)s is invited. The family is told.") % {"name": person})
                return redirect("desk-invitations", group.pk)
            except Refused as problem:
                refused = problem.refusal
        text = request.GET.get("q", "")[:100]
        invited = _invited(desk, group)
        standing = {each.person_id for each in invited if each.status != Invitation.Status.REVOKED}
        facts = {
            "centre": group.activity.centre,
            "group": group,
            "name": full_name(group),
            "by_invitation": group.entry == Group.Entry.INVITED,
            "text": text,
            "found": _found(desk, group, text, standing) if text else [],
            "invited": invited,
            "refused": refused,
            "crumbs": crumbs(_("Invitations")),
        }
        status = CONFLICT if refused else 200
        return render(request, "booking/desk/invitations.html", facts, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Take an invitation back; repeating it is safe."""
    desk = Desk.of(request)
    found = get_object_or_404(Invitation, pk=invitation_id)
    person = desk.person(found.person_id)
    group = _group(desk, found.group_id)
    revoke_invitation(invitation_id=found.pk, now=desk.now)
    messages.success(
        request, _("The invitation of %(name)s is revoked. Who was told of it hears that, too.") % {"name": person}
    )
    return redirect("desk-invitations", group.pk)


def _group(desk: Desk, group_id: uuid.UUID) -> Group:
    centres = Centre.objects.with_desk_of(desk.account, desk.today)
    groups = Group.objects.filter(activity__centre__in=centres)
    return get_object_or_404(groups.select_related("activity__centre__timetable", "term__timetable"), pk=group_id)


def _invited(desk: Desk, group: Group) -> list[Invitation]:
    """Return the invitations with how the place of each stands (`place`), in one query."""
    places = Enrolment.objects.live().filter(group=OuterRef("group"), child=OuterRef("person")).values("status")[:1]
    seen = group.invitations.filter(person__in=Person.objects.of_desk(desk.account, desk.today))
    return list(
        seen.annotate(place=Subquery(places))
        .select_related("person", "invited_by__person")
        .order_by("person__sort_name")
    )


def _found(desk: Desk, group: Group, text: str, invited: set[uuid.UUID]) -> list[Found]:
    homes: dict[uuid.UUID, list[str]] = {}
    people: dict[uuid.UUID, Person] = {}
    for each in find_families(text=text, user=desk.account, on=desk.today):
        if each.household.centre_id == group.activity.centre_id:
            for person in each.people:
                people[person.pk] = person
                homes.setdefault(person.pk, []).append(f"{each.household.name}, {each.household.code}")
    return [
        Found(
            person,
            "; ".join(homes[person.pk]),
            refusal_to_invite(person=person, group=group, now=desk.now),
            person.pk in invited,
        )
        for person in list(people.values())[:MOST_SHOWN]
    ]


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)  # nobody has this one
