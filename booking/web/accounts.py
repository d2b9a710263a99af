"""How people log in: accounts are made by the centre, never by a stranger."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up and sends each person to the page she came for."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        """Say no: the centre, which has met the person, makes the account."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  as above
        """Return the first page after log-in, by role."""
        return reverse("home")
