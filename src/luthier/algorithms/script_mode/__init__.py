"""Script mode: a user's own script, run by SageMaker's training toolkit in the place of a framework's image."""
