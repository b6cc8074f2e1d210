"""The one error that ends a training with an explanation."""


class ClientError(Exception):
    """The caller's mistake: its text goes to `/opt/ml/output/failure`, and so into the training job's FailureReason."""
