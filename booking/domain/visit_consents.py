"""Consent to a visit: to a sensitive one of a minor everybody with authority agrees, or a court has decided."""

from __future__ import annotations

from datetime import date

from booking.domain.consents_asked import consents_asked
from booking.errors import Refusal, refusal
from booking.models import CareDecision, ConsentPurpose, Guardianship, Person, Service
from booking.models.activity import Sensitivity

FULL_AGE = 18  # art. 10 of the Civil Code


def consent_refusal(*, person: Person, service: Service, on: date) -> Refusal | None:
    """Return why a visit has to wait for consents, or None.

    A service that is not sensitive asks what its purposes ask. A sensitive one asks, for a minor, the agreement of all
    guardians who may consent, whatever the purpose says, unless a court decided in their place. The names of those who
    are still to agree are told, but never that of a guardian from whom the visits are hidden.
    """
    sensitive_minor = service.sensitivity == Sensitivity.SENSITIVE and _is_minor(person, on)
    purposes = list(ConsentPurpose.objects.filter(services=service))
    if not purposes and not sensitive_minor:
        return None
    decided = CareDecision.objects.in_force(on).about(service.pk).filter(person=person, kind=CareDecision.Kind.CONSENT)
    if decided.exists():
        return None
    asked = consents_asked(child=person, purposes=purposes, on=on)
    if sensitive_minor and not asked:
        return refusal("consent_at_desk", person=person.given_name)
    missing = [each for each in asked if (each.open_to if sensitive_minor else each.is_missing)]
    if not missing and all(each.given for each in asked):
        return None
    waiting = {guardian.pk: guardian for each in missing for guardian in each.open_to}
    hidden = CareDecision.objects.in_force(on).about(service.pk).filter(person=person, guardian__in=list(waiting))
    if hidden.exists() or not waiting:
        return refusal("consent_at_desk", person=person.given_name)
    names = ", ".join(guardian.given_name for guardian in waiting.values())
    return refusal("missing_consent", person=person.given_name, names=names, purpose=missing[0].purpose.pk)


def _is_minor(person: Person, on: date) -> bool:
    """Whether guardians decide: by age, or because somebody is her guardian where the age is not known."""
    age = person.age_on(on)
    return Guardianship.objects.filter(child=person).exists() if age is None else age < FULL_AGE
