"""Pages: each parses, makes one domain call, answers."""
