"""How people are told: the outbox, the channels, the retries. Knows no domain words."""
