"""Addresses of pages; the stable ones are promised to others."""

from __future__ import annotations

from allauth.account.views import login
from django.urls import URLPattern, URLResolver, include, path

from booking.web import (
    absences,
    board,
    board_dates,
    busy_calendars,
    calendars,
    catalogue,
    code_cards,
    consents,
    desk,
    desk_approvals,
    desk_calls,
    desk_consents,
    desk_enrolments,
    desk_invitations,
    desk_letters,
    desk_lines,
    desk_merging,
    desk_papers,
    desk_people,
    desk_prints,
    desk_registration,
    diary,
    door_list,
    enrolments,
    family,
    groups,
    guests,
    invitations,
    line,
    makeups,
    notices,
    offers,
    pages,
    pickup,
    public,
    staff_timetable,
    start,
)

accounts: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.account.urls")),
    path("login/card/", code_cards.enter, name="code-card-login"),
    path("login/", login, name="account_login"),  # after the include: this is the address that links lead to
    path("i18n/", include("django.conf.urls.i18n")),
]

offer: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("c/<slug:slug>/", public.centre_page, name="centre"),
    path("c/<slug:slug>/activities/", catalogue.catalogue, name="catalogue"),
    path("c/<slug:slug>/g/<uuid:group_id>/", groups.group_page, name="group"),
    path("o/<str:token>/", offers.offer_by_link, name="offer"),
    path("deklaracja-dostepnosci/", pages.accessibility, name="accessibility"),
    path("prywatnosc/", pages.privacy, name="privacy"),
]

staff: list[URLPattern | URLResolver] = [
    path("start/", start.start, name="start"),
    path("diary/", diary.diary, name="diary"),
    path("diary/timetable/", staff_timetable.staff_timetable, name="staff-timetable"),
    path("diary/calendars/", busy_calendars.busy_calendars, name="busy-calendars"),
    path("diary/calendars/<uuid:calendar_id>/read/", busy_calendars.read_now, name="busy-calendar-read"),
    path("diary/calendars/<uuid:calendar_id>/off/", busy_calendars.turn_off, name="busy-calendar-off"),
    path("diary/sessions/<uuid:session_id>/", diary.session_page, name="diary-session"),
    path("desk/groups/<uuid:group_id>/line/", line.line, name="desk-line"),
    path("board/", board.board, name="board"),
    path("board/sessions/<uuid:session_id>/", board_dates.session_page, name="board-session"),
    path("board/sessions/<uuid:session_id>/cancel/", board_dates.cancel, name="board-session-cancel"),
    path("board/sessions/<uuid:session_id>/move/", board_dates.move, name="board-session-move"),
    path("board/sessions/<uuid:session_id>/restore/", board_dates.restore, name="board-session-restore"),
]

at_the_desk: list[URLPattern | URLResolver] = [
    path("desk/", desk.search, name="desk"),
    path("desk/calls/", desk_calls.calls, name="desk-calls"),
    path("desk/letters/", desk_letters.letters, name="desk-letters"),
    path("desk/letters/print/", desk_letters.sheets, name="desk-letters-print"),
    path("desk/approvals/", desk_approvals.approvals, name="desk-approvals"),
    path("desk/groups/<uuid:group_id>/invitations/", desk_invitations.invitations, name="desk-invitations"),
    path("desk/invitations/<uuid:invitation_id>/revoke/", desk_invitations.revoke, name="desk-invitation-revoke"),
    path("desk/lines/", desk_lines.lines, name="desk-lines"),
    path("desk/families/new/", desk_registration.register, name="desk-register"),
    path("desk/families/<uuid:household_id>/", desk.card, name="desk-family"),
    path("desk/families/<uuid:household_id>/children/new/", desk_registration.child, name="desk-add-child"),
    path("desk/families/<uuid:household_id>/adults/new/", desk_registration.adult, name="desk-add-adult"),
    path("desk/people/<uuid:person_id>/", desk_people.person, name="desk-person"),
    path("desk/families/<uuid:household_id>/merge/", desk_merging.households, name="desk-merge-families"),
    path("desk/people/<uuid:person_id>/merge/", desk_merging.people, name="desk-merge-people"),
    path("desk/people/<uuid:person_id>/month/", desk_prints.month, name="desk-month"),
    path("desk/people/<uuid:person_id>/code-card/", code_cards.issue, name="desk-code-card"),
    path("desk/enrolments/<uuid:enrolment_id>/confirmation/", desk_prints.confirmation, name="desk-confirmation"),
    path("desk/people/<uuid:person_id>/privacy-notice/", desk.privacy_notice, name="desk-privacy-notice"),
    path("desk/people/<uuid:person_id>/enrol/", desk_enrolments.choose, name="desk-choose-group"),
    path("desk/people/<uuid:person_id>/enrol/<uuid:group_id>/", desk_enrolments.enrol, name="desk-enrol"),
    path("desk/people/<uuid:person_id>/consents/", desk_consents.consents, name="desk-consents"),
    path(
        "desk/people/<uuid:person_id>/consents/<uuid:purpose_id>/form/",
        desk_papers.consent_form,
        name="desk-consent-form",
    ),
    path("desk/families/<uuid:household_id>/registration/", desk_papers.registration, name="desk-registration"),
    path("desk/consents/<uuid:consent_id>/withdraw/", desk_consents.withdraw, name="desk-consent-withdraw"),
    path("desk/people/<uuid:person_id>/pickup/", pickup.desk_pickup, name="desk-pickup"),
    path("desk/pickup/<uuid:rule_id>/revoke/", pickup.desk_revoke, name="desk-pickup-revoke"),
    path("register/pickup/", door_list.door_list, name="door-list"),
    path("desk/rights/<uuid:guardianship_id>/", desk_people.rights, name="desk-rights"),
    path("desk/enrolments/<uuid:enrolment_id>/withdraw/", desk_enrolments.withdraw, name="desk-withdraw"),
    path("desk/offers/<uuid:offer_id>/", desk_enrolments.offer, name="desk-offer"),
]

families: list[URLPattern | URLResolver] = [
    path("family/", family.week, name="family"),
    path("family/children/<uuid:person_id>/", family.child, name="family-child"),
    path("family/enrol/<uuid:group_id>/", enrolments.enrol, name="enrol"),
    path("family/enrolments/<uuid:enrolment_id>/", enrolments.enrolment_page, name="enrolment"),
    path("family/enrolments/<uuid:enrolment_id>/withdraw/", enrolments.withdraw, name="withdraw"),
    path("family/absences/<uuid:session_id>/<uuid:person_id>/", absences.absence, name="absence"),
    path("family/absences/<uuid:session_id>/<uuid:person_id>/undo/", absences.come_after_all, name="come-after-all"),
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
]

urlpatterns: list[URLPattern | URLResolver] = [*offer, *accounts, *families, *at_the_desk, *staff]
