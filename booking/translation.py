"""Which texts of the catalogue exist in three languages (django-modeltranslation reads this module by its name)."""

from modeltranslation.translator import TranslationOptions, register

from booking.models import Activity, ConsentPurpose, ConsentText, Service


@register(Activity)
class ActivityTexts(TranslationOptions):
    """An activity's name and summary."""

    fields = ("name", "summary")


@register(ConsentPurpose)
class ConsentPurposeTexts(TranslationOptions):
    """What a consent is for."""

    fields = ("name",)


@register(ConsentText)
class ConsentTextTexts(TranslationOptions):
    """The words somebody agrees to."""

    fields = ("body",)


@register(Service)
class ServiceTexts(TranslationOptions):
    """A service's name and summary."""

    fields = ("name", "summary")
