"""What a VpcConfig asks for: networks of the container engine, which the user has mapped its ids to."""

from luthier.api.members import structure, texts
from luthier.api.run_as import RunAs
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject
from luthier.runtimes.vpc_file import VpcError


def networks_of(definition: JsonObject, run_as: RunAs) -> tuple[str, ...]:
    """
    Give the networks that the hosts of a training job join: those of its first subnet, and of all its groups.

    AWS spreads instances over the subnets of a VPC, which all reach one another; here one network takes them all.
    Raises ApiError for an id that nothing is mapped to, and for what is no container and so joins no network.
    """
    asked = structure(definition, "VpcConfig")
    if not asked:
        return ()
    if not run_as.is_container:
        raise validation_error(
            f"VpcConfig cannot be had: only containers join networks, and {run_as.image} runs as a command of this "
            "machine; run `luthier images add PATTERN --container IMAGE`, or leave VpcConfig out."
        )
    try:
        vpc = run_as.vpc()
    except VpcError as error:
        raise validation_error(f"VpcConfig cannot be had: {error}") from error
    subnets, groups = texts(asked, "Subnets"), texts(asked, "SecurityGroupIds")
    for member, ids, known in (
        ("Subnets", subnets, vpc.subnets),
        ("SecurityGroupIds", groups, vpc.security_groups),
    ):
        for each in ids:
            if each not in known:
                raise validation_error(
                    f"VpcConfig.{member}: no network of the container engine is mapped to {each!r}; run `luthier "
                    f"networks map {each} NETWORK`, or leave VpcConfig out."
                )
    found = [*vpc.subnets[subnets[0]], *(network for each in groups for network in vpc.security_groups[each])]
    return tuple(dict.fromkeys(found))
