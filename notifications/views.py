"""The door of those who carry messages: they say here what became of an SMS."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.channels.smsapi import message_of_receipt, read_receipt
from notifications.receipts import note_receipt


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def sms_receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """Note a receipt of SMSAPI, which asks with GET or POST and comes again until it reads "OK".

    The address is made for one message and signed, so that nobody else can say that it arrived.
    """
    message_id = message_of_receipt(secret)
    if message_id is None:
        raise Http404
    status = request.POST.get("status") or request.GET.get("status") or ""
    note_receipt(message_id=message_id, receipt=read_receipt(status), now=timezone.now())
    return HttpResponse("OK", content_type="text/plain")
