"""Administration pages: setting up a centre, its people and its offer. What happens day by day has pages of its own."""

from booking.admin import accounts, offer, people, places

__all__ = ["accounts", "offer", "people", "places"]
