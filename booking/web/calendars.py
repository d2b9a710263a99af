"""Secret calendar addresses of a family: making one, exchanging it, turning it off."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.domain.idempotency import Answer, answer_once
from booking.domain.subscriptions import (
    CalendarAddress,
    calendar_address,
    create_subscription,
    revoke_subscription,
    rotate_subscription,
)
from booking.errors import Refused
from booking.models import Account, CalendarSubscription
from booking.web.calendar_forms import CalendarForm, FormKeyForm
from booking.web.family_members import Member, centres_of, family_of, reader_of, zone_of

UNPROCESSABLE = 422
CREATED = 201
CONFLICT = 409

Made = tuple[CalendarSubscription, str]


@dataclass(frozen=True, slots=True)
class Ways:
    """The addresses under which programs take a calendar in."""

    address: CalendarAddress
    google: str
    outlook: str
    qr: str


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendars(request: HttpRequest) -> HttpResponse:
    """Show the reader's calendar addresses and make a new one, whose secret is shown this one time."""
    now = timezone.now()
    reader = reader_of(request)
    members = family_of(reader, timezone.localdate(now))
    if request.method != "POST":
        return _list(request, members, CalendarForm(members=members))
    form = CalendarForm(request.POST, members=members)
    if not form.is_valid():
        return _list(request, members, form, status=UNPROCESSABLE)

    def make() -> Made:
        return create_subscription(
            owner=reader,
            scope=form.scope,
            subject_id=form.subject_id,
            privacy=form.cleaned_data["privacy"],
            alarm_minutes=form.cleaned_data["alarm"],
            now=now,
        )

    try:
        made = _once(reader, f"calendar-form:{form.cleaned_data['form_key']}", make, now)
    except Refused as refused:
        form.add_error(None, str(refused.refusal))
        return _list(request, members, form, status=CONFLICT)
    return _show(request, members, made)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rotate(request: HttpRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """Ask before exchanging a secret, and show the new one this one time."""
    now = timezone.now()
    reader = reader_of(request)
    subscription = _own(reader, subscription_id)
    members = family_of(reader, timezone.localdate(now))
    form = FormKeyForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return _confirm(request, members, subscription, action="rotate", form=form)

    def exchange() -> Made:
        return rotate_subscription(owner=reader, subscription_id=subscription.pk)

    key = f"calendar-form:{form.cleaned_data['form_key']}:{subscription.pk}"
    try:
        made = _once(reader, key, exchange, now)
    except Refused as refused:
        messages.warning(request, str(refused.refusal))
        return redirect("family-calendars")
    return _show(request, members, made)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """Ask before turning an address off, and turn it off; repeating it changes nothing."""
    now = timezone.now()
    reader = reader_of(request)
    subscription = _own(reader, subscription_id)
    if request.method != "POST":
        members = family_of(reader, timezone.localdate(now))
        return _confirm(request, members, subscription, action="revoke", form=None)
    revoke_subscription(owner=reader, subscription_id=subscription.pk, now=now)
    messages.success(request, _("The calendar address is turned off. Programs that had it show nothing new."))
    return redirect("family-calendars")


def _once(reader: Account, key: str, make: Callable[[], Made], now: datetime) -> Made | None:
    """Make something unless this form made it before: its secret was shown then and is not kept anywhere."""
    made: list[Made] = []

    def effect() -> Answer:
        made.append(make())
        return Answer(CREATED)

    answer_once(account=reader, key=key, fingerprint="", effect=effect, now=now)
    return made[0] if made else None


def _show(request: HttpRequest, members: list[Member], made: Made | None) -> HttpResponse:
    if made is None:
        told = _("This form was sent before. An address is shown only once; you can exchange it for a new one.")
        messages.info(request, told)
        return redirect("family-calendars")
    subscription, token = made
    centre = centres_of(members).first()
    facts = {
        "centre": centre,
        "subscription": subscription,
        "about": _about(subscription, members),
        "ways": _ways(calendar_address(token)),
    }
    return render(request, "booking/family/calendar_made.html", facts)


def _ways(address: CalendarAddress) -> Ways:
    asked = urlencode({"url": address.url, "name": "Grafik"}, quote_via=quote)
    return Ways(
        address=address,
        google=f"https://calendar.google.com/calendar/r?{urlencode({'cid': address.webcal_url})}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?{asked}",
        qr=segno.make(address.webcal_url, error="m").svg_data_uri(scale=4, border=2, dark="#10201f", light="#ffffff"),
    )


def _list(request: HttpRequest, members: list[Member], form: CalendarForm, status: int = 200) -> HttpResponse:
    centre = centres_of(members).first()
    found = CalendarSubscription.objects.visible_to(reader_of(request)).live()
    with timezone.override(zone_of(centre)):
        facts = {
            "centre": centre,
            "members": members,
            "children": [member for member in members if not member.is_reader],
            "form": form,
            "form_key": uuid.uuid4(),
            "privacy_choices": list(zip(form["privacy"], _examples(members), strict=True)),
            "subscriptions": [(each, _about(each, members)) for each in found],
        }
        return render(request, "booking/family/calendars.html", facts, status=status)


def _examples(members: list[Member]) -> list[str]:
    """Return one entry as others see it, for each choice of privacy in their order."""
    name = members[0].name if members else _("Zosia")
    room = _("Robotics room")
    return [f"{name}: {_('Robotics')}, {room}", f"{_('Robotics')}, {room}", _("Busy")]


def _confirm(
    request: HttpRequest,
    members: list[Member],
    subscription: CalendarSubscription,
    *,
    action: str,
    form: FormKeyForm | None,
) -> HttpResponse:
    if subscription.revoked_at is not None:
        return redirect("family-calendars")
    facts = {
        "centre": centres_of(members).first(),
        "subscription": subscription,
        "about": _about(subscription, members),
        "form": form,
        "form_key": uuid.uuid4(),
        "action": action,
    }
    status = UNPROCESSABLE if form is not None else 200
    return render(request, "booking/family/calendar_confirm.html", facts, status=status)


def _own(reader: Account, subscription_id: uuid.UUID) -> CalendarSubscription:
    return get_object_or_404(CalendarSubscription.objects.visible_to(reader), pk=subscription_id)


def _about(subscription: CalendarSubscription, members: list[Member]) -> str:
    """Return whose dates a calendar shows, in words; a child whom the reader may no longer see is not named."""
    if subscription.scope == CalendarSubscription.Scope.CHILD:
        names = {member.id: member.name for member in members}
        name = names.get(subscription.subject_id) if subscription.subject_id else None
        return name or _("a person you may no longer see")
    return str(subscription.get_scope_display())
