"""What people are told, in their language; each function turns a fact into texts for the outbox."""
