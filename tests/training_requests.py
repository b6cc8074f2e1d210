"""Requests for training jobs on their own."""

from typing import Any

from sample import a_create_request


def a_training_request(name: str = "alone", **changes: Any) -> dict[str, Any]:
    """Give a CreateTrainingJob request with the definition of the sample's tuning job; `...` takes a member out."""
    definition = a_create_request()["TrainingJobDefinition"]
    del definition["StaticHyperParameters"]
    request = {"TrainingJobName": name, "HyperParameters": {"rounds": "7"}, **definition, **changes}
    return {member: value for member, value in request.items() if value is not ...}
