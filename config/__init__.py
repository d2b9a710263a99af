"""Wiring only: settings, root addresses, WSGI and ASGI. No rules live here."""
