"""What a training job runs in the place of its image's own command, or of that command's arguments."""

from luthier.api.members import texts
from luthier.api.run_as import RunAs
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject


def parse_command(specification: JsonObject) -> tuple[str, ...]:
    """
    Give an AlgorithmSpecification's ContainerEntrypoint with its ContainerArguments; empty for the image's own.

    AWS: AlgorithmSpecification, Amazon SageMaker API Reference.
    """
    entrypoint = texts(specification, "ContainerEntrypoint")
    return (*entrypoint, *texts(specification, "ContainerArguments")) if entrypoint else ()


def parse_arguments(specification: JsonObject, run_as: RunAs) -> tuple[str, ...]:
    """
    Give ContainerArguments without a ContainerEntrypoint, which a container's own entrypoint gets for `train`.

    Raises ApiError for what is no container: the image catalogue knows an entrypoint only together with its arguments.
    """
    arguments = texts(specification, "ContainerArguments")
    if not arguments or texts(specification, "ContainerEntrypoint"):
        return ()
    if not run_as.is_container:
        raise validation_error(
            "AlgorithmSpecification.ContainerArguments is not supported by this version of Luthier without "
            "ContainerEntrypoint where a command of the image catalogue stands for the image: that is the entrypoint "
            "and its arguments; write both."
        )
    return tuple(arguments)
