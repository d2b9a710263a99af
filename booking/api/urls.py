"""Addresses of REST; all under /api/v1/ are promised to others."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from booking.api import (
    absences,
    appointments,
    calendars,
    catalogue,
    centres,
    changes,
    closures,
    diary,
    enrolments,
    guests,
    invitations,
    joint_enrolments,
    notices,
    offers,
    openapi,
    opening_windows,
    people,
    resources,
    room_requests,
    series,
    session_changes,
    sessions,
    slots,
    terms,
    time_off,
)
from booking.api.appointment_changes import (
    AppointmentAccept,
    AppointmentCancel,
    AppointmentDecline,
    AppointmentMove,
    AppointmentOutcome,
)
from booking.api.problems import MEDIA_TYPE, problem


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """Answer 404 to every other address, by any method."""
    sentence = "" if request.path.endswith("/") else _("There is nothing here. Addresses end with a slash.")
    return JsonResponse(problem(HTTPStatus.NOT_FOUND, detail=sentence), status=404, content_type=MEDIA_TYPE)


public: list[URLPattern | URLResolver] = [
    path("centres/", centres.CentreList.as_view(), name="api-centres"),
    path("centres/<slug:slug>/", centres.CentreOne.as_view(), name="api-centre"),
    path("services/", catalogue.ServiceList.as_view(), name="api-services"),
    path("activities/", catalogue.ActivityList.as_view(), name="api-activities"),
    path("groups/", catalogue.GroupList.as_view(), name="api-groups"),
    path("groups/<uuid:id>/", catalogue.GroupOne.as_view(), name="api-group"),
    path("sessions/", sessions.SessionList.as_view(), name="api-sessions"),
    path("sessions/<uuid:id>/", session_changes.SessionOne.as_view(), name="api-session"),
    path("closures/", closures.ClosureList.as_view(), name="api-closures"),
    path("slots/", slots.SlotList.as_view(), name="api-slots"),
]

own: list[URLPattern | URLResolver] = [
    path("me/", people.Me.as_view(), name="api-me"),
    path("households/mine/", people.OwnHouseholds.as_view(), name="api-own-households"),
    path("children/", people.ChildList.as_view(), name="api-children"),
    path("children/<uuid:id>/", people.ChildOne.as_view(), name="api-child"),
    path("children/<uuid:id>/week/", people.ChildWeek.as_view(), name="api-child-week"),
    path("enrolments/", enrolments.EnrolmentList.as_view(), name="api-enrolments"),
    path("enrolments/any/", joint_enrolments.EnrolmentInAny.as_view(), name="api-enrolments-any"),
    path("enrolments/together/", joint_enrolments.EnrolmentTogether.as_view(), name="api-enrolments-together"),
    path("enrolments/<uuid:id>/", enrolments.EnrolmentOne.as_view(), name="api-enrolment"),
    path("enrolments/<uuid:id>/withdraw/", enrolments.EnrolmentWithdraw.as_view(), name="api-enrolment-withdraw"),
    path("absences/", absences.AbsenceList.as_view(), name="api-absences"),
    path("absences/<uuid:id>/", absences.AbsenceOne.as_view(), name="api-absence"),
    path("absences/<uuid:id>/withdraw/", absences.AbsenceWithdraw.as_view(), name="api-absence-withdraw"),
    path("offers/", offers.OfferList.as_view(), name="api-offers"),
    path("offers/<uuid:id>/", offers.OfferOne.as_view(), name="api-offer"),
    path("offers/<uuid:id>/accept/", offers.OfferAccept.as_view(), name="api-offer-accept"),
    path("offers/<uuid:id>/decline/", offers.OfferDecline.as_view(), name="api-offer-decline"),
    path("appointments/", appointments.AppointmentList.as_view(), name="api-appointments"),
    path("appointments/<uuid:id>/", appointments.AppointmentOne.as_view(), name="api-appointment"),
    path("appointments/<uuid:id>/cancel/", AppointmentCancel.as_view(), name="api-appointment-cancel"),
    path("appointments/<uuid:id>/move/", AppointmentMove.as_view(), name="api-appointment-move"),
    path("appointments/<uuid:id>/accept/", AppointmentAccept.as_view(), name="api-appointment-accept"),
    path("appointments/<uuid:id>/decline/", AppointmentDecline.as_view(), name="api-appointment-decline"),
    path("appointments/<uuid:id>/outcome/", AppointmentOutcome.as_view(), name="api-appointment-outcome"),
    path("guest-places/", guests.GuestPlaceList.as_view(), name="api-guest-places"),
    path("guest-places/<uuid:id>/", guests.GuestPlaceOne.as_view(), name="api-guest-place"),
    path("guest-places/<uuid:id>/accept/", guests.GuestPlaceAccept.as_view(), name="api-guest-place-accept"),
    path("guest-places/<uuid:id>/decline/", guests.GuestPlaceDecline.as_view(), name="api-guest-place-decline"),
    path("make-up-credits/", guests.CreditList.as_view(), name="api-credits"),
    path("make-up-credits/<uuid:id>/", guests.CreditOne.as_view(), name="api-credit"),
    path("make-up-credits/<uuid:id>/use/", guests.CreditUse.as_view(), name="api-credit-use"),
    path("invitations/", invitations.InvitationList.as_view(), name="api-invitations"),
    path("invitations/<uuid:id>/", invitations.InvitationOne.as_view(), name="api-invitation"),
    path("invitations/<uuid:id>/decline/", invitations.InvitationDecline.as_view(), name="api-invitation-decline"),
    path("invitations/<uuid:id>/revoke/", invitations.InvitationRevoke.as_view(), name="api-invitation-revoke"),
    path("specialists/", diary.SpecialistList.as_view(), name="api-specialists"),
    path("diary/", diary.Diary.as_view(), name="api-diary"),
    path("calendar-subscriptions/", calendars.SubscriptionList.as_view(), name="api-calendars"),
    path("calendar-subscriptions/<uuid:id>/", calendars.SubscriptionOne.as_view(), name="api-calendar"),
    path(
        "calendar-subscriptions/<uuid:id>/rotate/", calendars.SubscriptionRotate.as_view(), name="api-calendar-rotate"
    ),
    path("notices/", notices.NoticeList.as_view(), name="api-notices"),
]

planned: list[URLPattern | URLResolver] = [
    path("terms/", terms.TermList.as_view(), name="api-terms"),
    path("terms/<uuid:id>/", terms.TermOne.as_view(), name="api-term"),
    path("terms/<uuid:id>/preview/", terms.TermPreview.as_view(), name="api-term-preview"),
    path("terms/<uuid:id>/publish/", terms.TermPublish.as_view(), name="api-term-publish"),
    path("terms/<uuid:id>/series/", series.LineList.as_view(), name="api-lines"),
    path("series/<uuid:id>/", series.LineOne.as_view(), name="api-line"),
    path("series/<uuid:id>/end/", series.LineEnd.as_view(), name="api-line-end"),
    path("series/<uuid:id>/following/", series.LineFollowing.as_view(), name="api-line-following"),
    path("series/<uuid:id>/force/", session_changes.LineForce.as_view(), name="api-line-force"),
    path("sessions/<uuid:id>/cancel/", session_changes.SessionCancel.as_view(), name="api-session-cancel"),
    path("sessions/<uuid:id>/move/", session_changes.SessionMove.as_view(), name="api-session-move"),
    path("sessions/<uuid:id>/restore/", session_changes.SessionRestore.as_view(), name="api-session-restore"),
    path("sessions/<uuid:id>/substitute/", session_changes.SessionSubstitute.as_view(), name="api-session-substitute"),
    path("sessions/<uuid:id>/note/", session_changes.SessionNote.as_view(), name="api-session-note"),
    path("closures/<uuid:id>/", closures.ClosureOne.as_view(), name="api-closure"),
    path("changes/", changes.ChangeList.as_view(), name="api-changes"),
    path("opening-windows/", opening_windows.WindowList.as_view(), name="api-opening-windows"),
    path("opening-windows/<uuid:id>/", opening_windows.WindowOne.as_view(), name="api-opening-window"),
    path(
        "opening-windows/<uuid:id>/preview/",
        opening_windows.WindowPreview.as_view(),
        name="api-opening-window-preview",
    ),
    path("opening-windows/<uuid:id>/change/", opening_windows.WindowChange.as_view(), name="api-opening-window-change"),
    path(
        "opening-windows/<uuid:id>/close-preview/",
        opening_windows.WindowClosePreview.as_view(),
        name="api-opening-window-close-preview",
    ),
    path("opening-windows/<uuid:id>/close/", opening_windows.WindowClose.as_view(), name="api-opening-window-close"),
    path("time-off/", time_off.TimeOffList.as_view(), name="api-time-off-list"),
    path("time-off/preview/", time_off.TimeOffPreview.as_view(), name="api-time-off-preview"),
    path("time-off/<uuid:id>/", time_off.TimeOffOne.as_view(), name="api-time-off"),
    path("time-off/<uuid:id>/take-back/", time_off.TimeOffTakeBack.as_view(), name="api-time-off-take-back"),
    path("resources/", resources.ResourceList.as_view(), name="api-resources"),
    path("room-requests/", room_requests.RoomRequestList.as_view(), name="api-room-requests"),
    path("room-requests/<uuid:id>/", room_requests.RoomRequestOne.as_view(), name="api-room-request"),
    path("room-requests/<uuid:id>/answer/", room_requests.RoomRequestAnswer.as_view(), name="api-room-request-answer"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include([*public, *own, *planned, path("schema/", openapi.schema, name="api-schema")])),
    path("docs/", openapi.docs, name="api-docs"),
    re_path("", unknown),
]
