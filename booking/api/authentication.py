"""Who asks: a program that shows a token, or a page of ours in the session of someone logged in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.crypto import hash_token
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from booking.api.problems import Problem
from booking.models import Account, ApiToken
from scheduler.models.prepared import PreparedQuery

if TYPE_CHECKING:
    from rest_framework.views import APIView


def _shown(*, digest: str) -> QuerySet[ApiToken]:
    tokens: QuerySet[ApiToken] = ApiToken.objects.filter(digest=digest)
    return tokens.select_related("user").order_by()


SHOWN = PreparedQuery(_shown)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer <token>`. The token is looked up by its hash; knox makes and keeps them."""

    def authenticate(self, request: Request) -> tuple[Account, ApiToken] | None:
        """Return whose token it is, or None where none is shown. Raises AuthenticationFailed for a wrong one."""
        scheme, _space, shown = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token: ApiToken | None = next(iter(SHOWN.objects(digest=hash_token(shown.strip()))), None)
        if token is None or not token.user.is_active or (token.expiry and token.expiry <= timezone.now()):
            raise AuthenticationFailed(_("This token is not valid: it is wrong, has ended or was revoked."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  DRF's signature
        """Return what a 401 asks for."""
        return 'Bearer realm="Grafik"'


class SessionLogin(SessionAuthentication):
    """The session of someone logged in; writes carry the CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        """Refuse a write that does not come from our own pages."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as failure:
            sentence = _("The CSRF token is missing or wrong. Send the X-CSRFToken header, or use a token.")
            raise Problem(HTTPStatus.FORBIDDEN, "csrf", sentence) from failure


class WithinScope(BasePermission):
    """A token for reading changes nothing."""

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  DRF's signature
        """Let the request on. Raises Problem (`scope`)."""
        token = request.auth
        if request.method in SAFE_METHODS or not isinstance(token, ApiToken) or token.scope == ApiToken.Scope.WRITE:
            return True
        raise Problem(HTTPStatus.FORBIDDEN, "scope", _("This token may read, but not change anything."))


class BearerTokenScheme(OpenApiAuthenticationExtension):
    """Tells OpenAPI about tokens."""

    target_class = BearerToken
    name = "bearerToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002  its signature
        """Return the scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of an account: hashed, ending, revocable, for reading or for reading and changing.",
        }


class SessionLoginScheme(OpenApiAuthenticationExtension):
    """Tells OpenAPI about sessions."""

    target_class = SessionLogin
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002  its signature
        """Return the scheme."""
        description = "The session cookie of someone logged in; writes also carry the X-CSRFToken header."
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": description}
