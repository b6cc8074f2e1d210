"""The command that a training job runs in the place of its image's own."""

from luthier.api.members import texts
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject


def parse_command(specification: JsonObject) -> tuple[str, ...]:
    """
    Give an AlgorithmSpecification's ContainerEntrypoint with its ContainerArguments; empty for the image's own.

    Raises ApiError for arguments alone: they would go to the image's own entrypoint, and the image catalogue knows
    that only together with its arguments. AWS: AlgorithmSpecification, Amazon SageMaker API Reference.
    """
    entrypoint, arguments = texts(specification, "ContainerEntrypoint"), texts(specification, "ContainerArguments")
    if arguments and not entrypoint:
        raise validation_error(
            "AlgorithmSpecification.ContainerArguments is not supported by this version of Luthier without "
            "ContainerEntrypoint: an image's entrypoint is what its command in the image catalogue begins with; "
            "write it as ContainerEntrypoint."
        )
    return (*entrypoint, *arguments)
