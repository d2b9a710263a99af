"""What the server writes about itself: never the secret part of an address that opens something without a log-in."""

from __future__ import annotations

import logging
import re

SECRET_PART = re.compile(r"(/(?:v|o|s|calendars|sms/receipts)/)[\w.-]{12,}")


class WithoutSecrets(logging.Filter):
    """Cuts secrets out of addresses: Django writes down the address of every refused request, of a link too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, without the secret."""
        said = record.getMessage()
        hidden = SECRET_PART.sub(r"\1[secret]", said)
        if hidden != said:
            record.msg, record.args = hidden, None
        return True
