"""What booking remembers."""

from booking.models.absence import Absence, AbsenceRules
from booking.models.account import Account, ApiToken
from booking.models.activity import Activity, Service
from booking.models.appointment import Appointment
from booking.models.appointment_change import AppointmentChange
from booking.models.appointment_party import AppointmentParty
from booking.models.busy_calendar import BusyCalendar
from booking.models.card_reading import CardReading
from booking.models.care_decision import CareDecision
from booking.models.caseload import FamilyCase
from booking.models.centre import Centre
from booking.models.consent import Consent, ConsentHold, ConsentPurpose, ConsentText
from booking.models.desk_call import DeskCall
from booking.models.enrolment import Enrolment
from booking.models.group import Group
from booking.models.guest import GuestPlace, MakeUpCredit
from booking.models.household import Guardianship, Household, HouseholdMember
from booking.models.idempotency import IdempotencyKey
from booking.models.invitation import Invitation
from booking.models.line import LineEvent
from booking.models.login_code import LoginCode
from booking.models.merge import Merge
from booking.models.offer import Offer
from booking.models.opening_window import OpeningWindow
from booking.models.person import Person
from booking.models.pickup import PickupRule
from booking.models.policy import Policy
from booking.models.referral import Referral
from booking.models.referral_request import ReferralRequest
from booking.models.safe_contact import SafeContact
from booking.models.safeguarding import SafeguardingCheck
from booking.models.session_change import SessionChange
from booking.models.short_link import ShortLink
from booking.models.slot_watch import SlotWatch
from booking.models.sms_consent import SmsConsent
from booking.models.staff import Qualification, Role, StaffMember, StaffRole
from booking.models.subscription import CalendarSubscription
from booking.models.term_publication import TermPublication
from booking.models.time_off import CoverTask, TimeOff
from booking.models.walk_in import WalkIn

__all__ = [
    "Absence",
    "AbsenceRules",
    "Account",
    "Activity",
    "ApiToken",
    "Appointment",
    "AppointmentChange",
    "AppointmentParty",
    "BusyCalendar",
    "CalendarSubscription",
    "CardReading",
    "CareDecision",
    "Centre",
    "Consent",
    "ConsentHold",
    "ConsentPurpose",
    "ConsentText",
    "CoverTask",
    "DeskCall",
    "Enrolment",
    "FamilyCase",
    "Group",
    "Guardianship",
    "GuestPlace",
    "Household",
    "HouseholdMember",
    "IdempotencyKey",
    "Invitation",
    "LineEvent",
    "LoginCode",
    "MakeUpCredit",
    "Merge",
    "Offer",
    "OpeningWindow",
    "Person",
    "PickupRule",
    "Policy",
    "Qualification",
    "Referral",
    "ReferralRequest",
    "Role",
    "SafeContact",
    "SafeguardingCheck",
    "Service",
    "SessionChange",
    "ShortLink",
    "SlotWatch",
    "SmsConsent",
    "StaffMember",
    "StaffRole",
    "TermPublication",
    "TimeOff",
    "WalkIn",
]
