"""The training job: what to do next, given what is."""
