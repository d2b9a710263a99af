"""Who collects the children: a family's page, the desk's page with signed papers, and revoking."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.consents_asked import signers_of
from booking.domain.pickup import add_pickup_rule, pickup_cards, revoke_pickup_rule
from booking.errors import Refused
from booking.models import Person, PickupRule
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.family_members import centres_of, family_of, member_or_404, reader_of, zone_of
from booking.web.pickup_forms import CollectorForm, PaperRuleForm

FORBIDDEN, UNPROCESSABLE = 403, 422
DAY = timedelta(days=1)
FORMS = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@FORMS
def pickup(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show a guardian who may collect her child, and let her name somebody if she may consent."""
    now = timezone.now()
    reader = reader_of(request)
    member = member_or_404(family_of(reader, timezone.localdate(now)), person_id)
    if member.right is None or reader.person is None:
        raise Http404
    centre = centres_of([member]).first()
    today = timezone.localdate(now, zone_of(centre))
    may_change = member.right.can_consent
    form = CollectorForm(request.POST or None, initial={"valid_from": today})
    status = 200
    if request.method == "POST" and not may_change:
        status = FORBIDDEN
    elif request.method == "POST" and form.is_valid():
        try:
            add_pickup_rule(
                child=member.person,
                kind=PickupRule.Kind.COLLECTS,
                signed_by=reader.person,
                by=reader,
                now=now,
                today=today,
                name=form.cleaned_data["name"],
                bond=form.cleaned_data["bond"],
                valid_from=form.cleaned_data["valid_from"],
                valid_until=_until(form),
            )
            messages.success(request, _("Saved. It is on the list at the door."))
            return redirect("family-pickup", person_id)
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
    facts = {
        "centre": centre,
        "member": member,
        "card": pickup_cards([member.person], on=today)[0],
        "later": PickupRule.objects.filter(child=member.person, revoked_at__isnull=True, valid_from__gt=today),
        "may_change": may_change,
        "form": form,
    }
    return render(request, "booking/family/pickup.html", facts, status=UNPROCESSABLE if form.errors else status)


@login_required
@require_POST
def revoke(request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
    """Revoke that somebody may collect, as a guardian who may consent; repeating it is safe."""
    now = timezone.now()
    reader = reader_of(request)
    members = [each for each in family_of(reader, timezone.localdate(now)) if each.right and each.right.can_consent]
    rule = get_object_or_404(
        PickupRule, pk=rule_id, kind=PickupRule.Kind.COLLECTS, child__in=[member.id for member in members]
    )
    revoke_pickup_rule(rule_id=rule.pk, by=reader, now=now)
    messages.success(request, _("Revoked. The list at the door knows it."))
    return redirect("family-pickup", rule.child_id)


@login_required
@FORMS
def desk_pickup(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show the desk who may collect a child, and record what a signed paper says; never what was said by phone."""
    desk = Desk.of(request)
    child = desk.person(person_id)
    household = desk.household_of(child)
    signers = signers_of(child, desk.today)
    form = PaperRuleForm(request.POST or None, signers=signers, initial={"valid_from": desk.today})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            add_pickup_rule(
                child=child,
                kind=wanted["kind"],
                signed_by=next(person for person in signers if str(person.pk) == wanted["signed_by"]),
                by=desk.account,
                now=desk.now,
                today=desk.today,
                name=wanted["name"],
                bond=wanted["bond"],
                valid_from=wanted["valid_from"],
                valid_until=_until(form),
                paper_place=wanted["paper_place"],
            )
            messages.success(request, _("Saved. It is on the list at the door."))
            return redirect("desk-pickup", child.pk)
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
    title = _("Who collects: %(name)s") % {"name": child}
    facts = {
        "centre": household.centre,
        "household": household,
        "child": child,
        "title": title,
        "form": form,
        "rules": _standing(child, desk),
        "crumbs": crumbs(title, household=household),
    }
    return render(request, "booking/desk/pickup.html", facts, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def desk_revoke(request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
    """Record at the desk that a rule was revoked in writing; repeating it is safe."""
    desk = Desk.of(request)
    rule = get_object_or_404(PickupRule, pk=rule_id)
    child = desk.person(rule.child_id)
    revoke_pickup_rule(rule_id=rule.pk, by=desk.account, now=desk.now)
    messages.success(request, _("Revoked. The list at the door knows it."))
    return redirect("desk-pickup", child.pk)


def _standing(child: Person, desk: Desk) -> list[PickupRule]:
    ended = PickupRule.objects.filter(child=child, valid_until__lte=desk.today)
    live = PickupRule.objects.filter(child=child, revoked_at__isnull=True).exclude(pk__in=ended.values("pk"))
    return list(live.select_related("signed_by").order_by("kind", "name"))


def _until(form: CollectorForm) -> date | None:
    last: date | None = form.cleaned_data["last_day"]
    return last + DAY if last else None
