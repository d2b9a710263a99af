"""Who may log in, and the tokens that other programs show in their place."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class AccountQuerySet(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, email: str | None = None, password: str | None = None, **facts: Any) -> Account:
        """Store an account; without a password it can only be entered with a one-time code."""
        account = self.model(email=self.normalize_email(email).lower() if email else None, **facts)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str, **facts: Any) -> Account:
        """Store an account that may do everything in the administration pages."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **facts)

    def get_by_natural_key(self, username: str | None) -> Account:
        """Find an account by its e-mail, whatever the case."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser, PermissionsMixin):
    """A way in for one person. People without e-mail may have none, or log in by phone.

    Purpose: to know who asks. Holds an e-mail or a phone number. Retention: 24 months after the last log-in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    phone = models.CharField(_("phone"), max_length=16, null=True, blank=True, unique=True)
    person = models.OneToOneField(
        "booking.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="account"
    )
    language = models.CharField(_("language"), max_length=2, default="pl")
    is_active = models.BooleanField(_("may log in"), default=True)
    is_staff = models.BooleanField(_("may open the administration pages"), default=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects: ClassVar[AccountQuerySet] = AccountQuerySet()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="account_email_is_unique_in_any_case"),
            models.CheckConstraint(
                condition=models.Q(language__in=["pl", "en", "uk"]), name="account_speaks_a_known_language"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person_id else (self.email or self.phone or str(self.pk))


class ApiToken(AbstractAuthToken):
    """A token another program shows instead of a password. Only its hash is kept; it ends, and can be revoked.

    Purpose: to let other systems act for an account within `scopes`. Retention: until it ends.
    """

    class Scope(models.TextChoices):
        """What a token may do."""

        READ = "read", _("read")
        WRITE = "write", _("read and change")

    name = models.CharField(_("name"), max_length=100, blank=True)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.WRITE)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=["read", "write"]), name="api_token_has_a_known_scope"),
        ]
