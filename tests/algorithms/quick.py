"""Does nothing, at once."""
