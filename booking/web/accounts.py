"""How people log in: accounts are made by the centre, never by a stranger."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.models import SafeContact


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up and sends each person to the page she came for."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        """Say no: the centre, which has met the person, makes the account."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  as above
        """Return the first page after log-in, by role."""
        return reverse("home")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter about logging in; a safe contact stands above it as above every message.

        Nobody writes to an address that is not the safe one. Where the centre must not be named, a code comes alone.
        """
        contact = SafeContact.objects.filter(person__account__email__iexact=email).first()
        if contact is None or (_leads_to(contact, email) and not contact.discreet):
            super().send_mail(template_prefix, email, context)
        elif _leads_to(contact, email) and context.get("code"):
            body = f"{context['code']}\n"
            EmailMessage(_("A message"), body, from_email=settings.DISCREET_FROM_EMAIL, to=[email]).send()


def _leads_to(contact: SafeContact, email: str) -> bool:
    return contact.channel == SafeContact.Channel.EMAIL and contact.email.casefold() == email.casefold()
