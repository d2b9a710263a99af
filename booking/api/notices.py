"""What the caller was told, by which channel, and whether it was received."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework import serializers

from booking.api.doors import Listing
from booking.api.parsing import ListQuery, Since
from booking.api.shapes import Moment
from booking.domain.notices import hidden_notices, listed_notices
from notifications.models import Message


class NoticeShape(serializers.ModelSerializer[Message]):
    """One thing told; subject and text are there once it was sent, as long as the caller may see whom it is about."""

    subject = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    status = serializers.ChoiceField(source="state", choices=Message.State.choices)
    received = serializers.SerializerMethodField(
        help_text="Whether the channel took it for delivery, and nothing says that it did not arrive."
    )
    receipt = serializers.ChoiceField(
        choices=Message.Receipt.choices, help_text="What the carrier of an SMS said later; empty while it says nothing."
    )
    created_at = Moment()
    sent_at = Moment(allow_null=True)

    class Meta:
        model = Message
        fields = ("id", "kind", "channel", "subject", "text", "status", "received", "receipt", "created_at", "sent_at")
        read_only_fields = fields

    def get_subject(self, message: Message) -> str:
        """Return the subject, or nothing."""
        return "" if message.pk in self.context["view"].hidden else message.subject

    def get_text(self, message: Message) -> str:
        """Return the text, or nothing."""
        return "" if message.pk in self.context["view"].hidden else message.text

    def get_received(self, message: Message) -> bool:
        """Say whether it went out."""
        return message.state == Message.State.SENT and message.receipt != Message.Receipt.UNDELIVERED


class NoticeQuery(Since, ListQuery):
    """Which notices are listed."""


class NoticeList(Listing):
    """The caller's notices, newest first."""

    serializer_class = NoticeShape
    query_class = NoticeQuery
    ordering = ("-created_at", "-id")
    hidden: set[uuid.UUID]

    def rows(self) -> QuerySet[Message]:
        """Return the messages to the caller's person."""
        person_id = self.account.person_id
        messages = Message.objects.told_to(person_id) if person_id else Message.objects.none()
        since = self.query.get("updated_since")
        return messages.filter(Q(created_at__gte=since) | Q(sent_at__gte=since)) if since else messages

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return the page, and find out which of its texts are about somebody the caller may no longer see."""
        page = super().paginate_queryset(queryset) or []
        on = timezone.localdate(self.now)
        self.hidden = hidden_notices(page, reader=self.account, on=on)
        return listed_notices(page, self.hidden)
