"""Foreign files in: one module a format, and what is done with what they say."""
