"""Which texts of the catalogue exist in three languages (django-modeltranslation reads this module by its name)."""

from modeltranslation.translator import TranslationOptions, register

from booking.models import Activity, Service


@register(Activity)
class ActivityTexts(TranslationOptions):
    """An activity's name and summary."""

    fields = ("name", "summary")


@register(Service)
class ServiceTexts(TranslationOptions):
    """A service's name and summary."""

    fields = ("name", "summary")
