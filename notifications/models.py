"""The outbox: one row is one thing told to one person through one channel."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about messages."""

    def due(self, now: datetime) -> Self:
        """Messages to compose and send now: queued ones whose time has come, and those whose sender died."""
        return self.filter(
            models.Q(state=Message.State.QUEUED, next_attempt_at__lte=now)
            | models.Q(state=Message.State.SENDING, lease_until__lte=now)
        )

    def for_the_desk(self) -> Self:
        """Messages that somebody at the desk has to tell (call, write, hand over), the oldest first."""
        return self.filter(state=Message.State.AT_DESK).order_by("created_at", "pk")

    def older_than(self, moment: datetime) -> Self:
        """Messages sent, or given up and never sent, before that moment."""
        return self.filter(models.Q(sent_at__lt=moment) | models.Q(sent_at__isnull=True, created_at__lt=moment))

    def told_to(self, recipient_id: uuid.UUID) -> Self:
        """Messages to one person, newest first, without the SMS that were left out beside another way."""
        left_out = models.Q(channel=Message.Channel.SMS, desk=Message.Desk.NO, state=Message.State.SUPPRESSED)
        return self.filter(~left_out, recipient_id=recipient_id).order_by("-created_at")


class Message(models.Model):
    """One thing told to one person. Written in the caller's transaction, composed and sent after it by a worker.

    Purpose: to tell people and to prove that they were told. Holds an address and the text. Retention: 12 months
    after it was sent, then the text and the address are erased.
    """

    class State(models.TextChoices):
        """How far the telling has come."""

        QUEUED = "queued", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        AT_DESK = "at_desk", _("waiting to be told by the desk")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        SUPPRESSED = "suppressed", _("not sent on purpose")

    class Channel(models.TextChoices):
        """By which way."""

        EMAIL = "email", _("e-mail")
        SMS = "sms", _("SMS")
        DESK = "desk", _("told by the desk")

    class Desk(models.TextChoices):
        """Whether the desk tells what an SMS does not."""

        NO = "no", _("no, it is told by another way too")
        IF_LOST = "if_lost", _("if the SMS is not delivered")
        ASKED = "asked", _("yes, the SMS was not delivered")

    class Receipt(models.TextChoices):
        """What the provider said later about an SMS that it took."""

        NONE = "", _("nothing")
        DELIVERED = "delivered", _("delivered")
        UNDELIVERED = "undelivered", _("not delivered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dedupe_key = models.CharField(_("cause"), max_length=200, unique=True)
    recipient_id = models.UUIDField(_("recipient"), db_index=True)
    recipient_name = models.CharField(_("recipient's name"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    address = models.CharField(_("address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=5)
    kind = models.CharField(_("kind"), max_length=40)
    facts = models.JSONField(_("facts"), default=dict)
    desk = models.CharField(_("told by the desk"), max_length=10, choices=Desk.choices, default=Desk.NO)
    # Composed from the facts by the worker, so that the writer's transaction stays short.
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    calendar = models.TextField(_("calendar entry"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    lease_until = models.DateTimeField(_("held until"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    receipt = models.CharField(_("receipt"), max_length=12, choices=Receipt.choices, default=Receipt.NONE, blank=True)
    receipt_at = models.DateTimeField(_("receipt came"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="message_by_state_and_time"),
            models.Index(fields=["recipient_id", "-created_at"], name="message_by_recipient"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "sending", "at_desk", "sent", "failed", "suppressed"]),
                name="message_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=["email", "sms", "desk"]), name="message_has_a_known_channel"
            ),
            models.CheckConstraint(
                condition=models.Q(desk__in=["no", "if_lost", "asked"]), name="message_is_told_by_the_desk_or_not"
            ),
            models.CheckConstraint(
                condition=models.Q(receipt__in=["", "delivered", "undelivered"]), name="message_has_a_known_receipt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_name}"
