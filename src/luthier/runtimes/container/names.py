"""How all that is made for a training job is named and labelled, so that whoever comes next finds it."""

from collections.abc import Mapping
from dataclasses import dataclass

from luthier.runtimes import HostGroup

OWNER = "luthier.data-folder"
GROUP = "luthier.group"
TRAINING_JOB = "luthier.training-job"
SIDE = "luthier.holds-network"  # of a container in whose network others are


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names and labels of one group of hosts, by the installation that it belongs to."""

    owner: str  # the data folder of the installation
    group: str  # HostGroup.name

    @property
    def network(self) -> str:
        """The network of the group's hosts."""
        return f"luthier-{self.group}"

    def algorithm(self, host_name: str) -> str:
        """Name the container of a host's algorithm."""
        return f"luthier-{self.group}-{host_name}"

    def side(self, host_name: str) -> str:
        """Name the container that holds a host's network."""
        return f"luthier-{self.group}-{host_name}-network"

    def passing(self, purpose: str) -> str:
        """Name a container that is gone in a moment."""
        return f"luthier-{self.group}-{purpose}"

    @property
    def labels(self) -> Mapping[str, str]:
        """What finds all of the group."""
        return {OWNER: self.owner, GROUP: self.group}


def labels_of(names: Names, group: HostGroup) -> Mapping[str, str]:
    """Give the labels of what is made for a group, its training job's ARN for people among them."""
    arn = group.hosts[0].environment.get("TRAINING_JOB_ARN")
    return {**names.labels, **({} if arn is None else {TRAINING_JOB: arn})}
