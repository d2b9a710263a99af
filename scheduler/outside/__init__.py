"""Calendars outside this product: fetched with limits, read where nothing can be harmed, kept as busy time only."""
