"""The root addresses: pages, accounts, REST, feeds, administration."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/", include("booking.api.urls")),  # before the pages, of which there are many to look through
    path("admin/", admin.site.urls),
    path("", include("booking.web.urls")),
    path("", include("booking.feeds.urls")),
    path("sms/", include("notifications.urls")),
]

handler400 = "booking.web.errors.bad_request"
handler403 = "booking.web.errors.permission_denied"
handler404 = "booking.web.errors.page_not_found"
handler500 = "booking.web.errors.server_error"
