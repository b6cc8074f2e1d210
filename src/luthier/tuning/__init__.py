"""The tuning job: what to do next, given what is."""
