from __future__ import annotations

import email
import email.policy

from django.core.mail import EmailMessage, get_connection

from notifications.channels.files import SmsFiles
from notifications.channels.sms import ShortMessage


def test_each_letter_becomes_a_file_that_a_mail_program_opens(settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    mailbox = get_connection("notifications.channels.files.EmailBackend")
    mailbox.send_messages([EmailMessage(f"Zażółć {n}", "Gęślą", to=["anna@example.org"]) for n in (1, 2)])

    files = sorted(settings.MAIL_DIR.iterdir())
    letters = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert [letter["Subject"] for letter in letters] == ["Zażółć 1", "Zażółć 2"]


def test_each_short_message_becomes_a_file_beside_the_letters(settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    SmsFiles().send(ShortMessage(id="1", key="k", number="+48601234567", text="Wizyta 25.11", sender="CUS"))

    (file,) = settings.MAIL_DIR.iterdir()
    assert file.name.endswith(".sms.txt")
    assert file.read_text() == "SMS\nFrom: CUS\nTo: +48601234567\n\nWizyta 25.11\n"
