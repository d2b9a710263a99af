"""Addresses of a family's own pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from booking.web import (
    absences,
    appointment_booking,
    calendars,
    consents,
    contact,
    enrolments,
    family,
    family_appointments,
    guests,
    invitations,
    makeups,
    notices,
    offers,
    pickup,
    slot_watches,
)

families: list[URLPattern | URLResolver] = [
    path("family/", family.week, name="family"),
    path("family/children/<uuid:person_id>/", family.child, name="family-child"),
    path("family/enrol/<uuid:group_id>/", enrolments.enrol, name="enrol"),
    path("family/enrolments/<uuid:enrolment_id>/", enrolments.enrolment_page, name="enrolment"),
    path("family/enrolments/<uuid:enrolment_id>/withdraw/", enrolments.withdraw, name="withdraw"),
    path("family/absences/<uuid:session_id>/<uuid:person_id>/", absences.absence, name="absence"),
    path("family/absences/<uuid:session_id>/<uuid:person_id>/undo/", absences.come_after_all, name="come-after-all"),
    path("family/appointments/", family_appointments.appointments, name="family-appointments"),
    path("family/appointments/book/", appointment_booking.services, name="book-services"),
    path("family/appointments/book/<uuid:service_id>/", appointment_booking.book, name="book-visit"),
    path("family/appointments/wait/<uuid:service_id>/", slot_watches.watch, name="family-watch"),
    path("family/appointments/waiting/<uuid:watch_id>/end/", slot_watches.unwatch, name="family-unwatch"),
    path("family/appointments/<uuid:appointment_id>/", family_appointments.appointment, name="family-appointment"),
    path("family/offers/", offers.offers, name="family-offers"),
    path("family/offers/<uuid:offer_id>/", offers.answer, name="family-offer-answer"),
    path("family/guest-places/<uuid:place_id>/", guests.guest_place, name="guest-place"),
    path("family/invitations/<uuid:invitation_id>/", invitations.invitation, name="family-invitation"),
    path("family/consents/", consents.consents, name="family-consents"),
    path("family/consents/<uuid:person_id>/<uuid:purpose_id>/", consents.consent, name="family-consent"),
    path(
        "family/consents/<uuid:person_id>/<uuid:purpose_id>/withdraw/",
        consents.withdraw,
        name="family-consent-withdraw",
    ),
    path("family/children/<uuid:person_id>/pickup/", pickup.pickup, name="family-pickup"),
    path("family/pickup/<uuid:rule_id>/revoke/", pickup.revoke, name="family-pickup-revoke"),
    path("family/make-up/<uuid:credit_id>/", makeups.make_up, name="make-up"),
    path("family/calendars/", calendars.calendars, name="family-calendars"),
    path("family/calendars/<uuid:subscription_id>/rotate/", calendars.rotate, name="calendar-rotate"),
    path("family/calendars/<uuid:subscription_id>/revoke/", calendars.revoke, name="calendar-revoke"),
    path("family/notices/", notices.notices, name="family-notices"),
    path("family/contact/", contact.contact, name="family-contact"),
]
