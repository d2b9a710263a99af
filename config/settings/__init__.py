"""Settings: `base` for all, then `development`, `testing` or `production`."""
