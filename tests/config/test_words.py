"""What Django and the REST framework say about wrong values, in the words of the site."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import override
from rest_framework import serializers


class Asked(forms.Form):
    """Three fields that can be filled in wrongly."""

    email = forms.EmailField()
    number = forms.IntegerField(max_value=3)
    text = forms.CharField(max_length=3)


class Sent(serializers.Serializer):
    """The same over the API."""

    id = serializers.UUIDField()
    names = serializers.ListField(max_length=1)


WRONG = {"email": "nobody", "number": "9", "text": "12345"}
SAID = {
    "pl": ["Wpisz poprawny adres e-mail.", "Największa możliwa wartość: 3.", "Za dużo znaków: 5. Limit: 3."],
    "uk": [
        "Введіть правильну адресу електронної пошти.",
        "Найбільше можливе значення: 3.",
        "Забагато символів: 5. Ліміт: 3.",
    ],
}
SAID_BY_THE_API = {
    "pl": ["To nie jest poprawny identyfikator UUID.", "Największa liczba elementów: 1."],
    "uk": ["Це неправильний ідентифікатор UUID.", "Найбільша кількість елементів: 1."],
}
PASSWORD = {
    "pl": "Hasło musi mieć co najmniej 8 znaków.",
    "uk": "Пароль має містити щонайменше 8 символів.",
}


@pytest.mark.parametrize("language", SAID)
def test_wrong_values_are_explained_in_the_readers_language(language):
    sent = Sent(data={"id": "1", "names": [1, 2]})
    with override(language):
        assert [error for errors in Asked(WRONG).errors.values() for error in errors] == SAID[language]
        assert not sent.is_valid()
        assert [str(error) for errors in sent.errors.values() for error in errors] == SAID_BY_THE_API[language]


@pytest.mark.parametrize("language", PASSWORD)
def test_rules_for_passwords_are_said_in_the_readers_language(language):
    with override(language):
        assert PASSWORD[language] in password_validators_help_texts()
