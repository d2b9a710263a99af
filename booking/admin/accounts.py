"""Setting up who may log in. Passwords are set by the person, or given once at the desk."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from booking.admin.words import InWords
from booking.models import Account


@admin.register(Account)
class AccountAdmin(InWords, UserAdmin[Account]):
    """An account: e-mail or phone, the person behind it, whether it may log in."""

    list_display = ("__str__", "email", "phone", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "phone", "person__search_name")
    ordering = ("email",)
    autocomplete_fields = ("person",)
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("email", "phone", "password", "person", "language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "phone", "usable_password", "password1", "password2", "person", "language")}),
    )
