"""What the centre told the reader: when, by which way, and whether it got out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.domain.notices import hidden_notices, listed_notices
from booking.models import Account, Person
from booking.web.family_members import centres_of, family_of, reader_of, zone_of
from notifications.models import Message

NOTICES_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """One message; `is_hidden` where it is about somebody whom the reader may no longer see.

    `is_elsewhere` where it went to an address that is not her usual one: a safe way stays unsaid, for somebody else may
    look at her page.
    """

    message: Message
    is_hidden: bool
    is_elsewhere: bool = False

    @property
    def subject(self) -> str:
        """What it is about; before it is composed, and where it is hidden, only its kind."""
        kinds = {
            "enrolled": _("Confirmation of an enrolment"),
            "withdrawn": _("Confirmation that a place was given back"),
            "guest_offered": _("A place for one meeting"),
            "guest_cancelled": _("A place for one meeting is not free any more"),
            "consent_needed": _("A place waits for a consent"),
            "consent_expired": _("A place was not kept, a consent is missing"),
            "session_cancelled": _("A date is cancelled"),
            "session_moved": _("A date is moved"),
            "session_restored": _("A date takes place after all"),
        }
        kind = kinds.get(self.message.kind, _("Message from the centre"))
        return kind if self.is_hidden else self.message.subject or kind

    @property
    def way(self) -> str:
        """By which way it comes, and whether it got out."""
        message = self.message
        if self.is_elsewhere:
            return _("told") if message.state == Message.State.SENT else _("on its way")
        if message.channel == Message.Channel.DESK:
            return _("told by the desk") if message.state == Message.State.SENT else _("the desk will tell you")
        return (self._by_sms() if message.channel == Message.Channel.SMS else self._by_email()) % {
            "address": message.address
        }

    def _by_sms(self) -> str:
        message = self.message
        if message.receipt == Message.Receipt.DELIVERED:
            return _("arrived by SMS on %(address)s")
        if message.receipt == Message.Receipt.UNDELIVERED:
            return _("the SMS to %(address)s did not arrive")
        sentences = {
            Message.State.SENT: _("sent by SMS to %(address)s"),
            Message.State.FAILED: _("the SMS to %(address)s could not be sent"),
            Message.State.SUPPRESSED: _("not sent"),
        }
        return sentences.get(Message.State(message.state), _("on its way by SMS to %(address)s"))

    def _by_email(self) -> str:
        sentences = {
            Message.State.SENT: _("sent by e-mail to %(address)s"),
            Message.State.FAILED: _("the e-mail to %(address)s could not be delivered"),
            Message.State.SUPPRESSED: _("not sent"),
        }
        return sentences.get(Message.State(self.message.state), _("on its way by e-mail to %(address)s"))

    @property
    def tone(self) -> str:
        """The colour that repeats what `way` says."""
        if self.message.receipt == Message.Receipt.UNDELIVERED:
            return "danger"
        return {Message.State.SENT: "good", Message.State.FAILED: "danger"}.get(Message.State(self.message.state), "")


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List the messages to the reader, newest first."""
    reader = reader_of(request)
    today = timezone.localdate()
    centre = centres_of(family_of(reader, today)).first()
    told = Message.objects.told_to(reader.person_id) if reader.person_id else Message.objects.none()
    page = Paginator(told, NOTICES_ON_A_PAGE).get_page(request.GET.get("page"))
    facts = {"centre": centre, "page": page, "notices": _notices(list(page.object_list), reader, today)}
    with timezone.override(zone_of(centre)):
        return render(request, "booking/family/notices.html", facts)


def _notices(told: list[Message], reader: Account, on: date) -> list[Notice]:
    """Hide the text of what is about somebody, or a visit, that the reader lost the right to see."""
    hidden = hidden_notices(told, reader=reader, on=on)
    usual = {reader.email, *_addresses(reader.person)}
    return [
        Notice(message, message.pk in hidden, message.channel != Message.Channel.DESK and message.address not in usual)
        for message in listed_notices(told, hidden)
    ]


def _addresses(person: Person | None) -> set[str]:
    """Return where somebody is told things usually."""
    return {"", person.email, person.phone, person.sms_phone} if person else {""}
