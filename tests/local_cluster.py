"""A local cluster with all that its agents need: a data folder, an image catalogue, a served object store."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from luthier.algorithms.catalogue import CatalogueEntry, add_image
from luthier.clusters import Cluster
from luthier.clusters.capacity import Capacity, Slots
from luthier.clusters.local import LocalCluster
from luthier.clusters.workspace import Workspace
from luthier.objects.s3 import S3Objects
from luthier.records.journal import ClusterSpec, Ended
from luthier.records.names import TrainingJobArn
from luthier.settings import Settings
from s3_server import an_object_store
from things import MACHINE
from training_hosts import ALGORITHMS, a_spec, is_over, until

AMPLE = Slots(MACHINE, 64)


@dataclass(frozen=True)
class Site:
    """A data folder, and the settings that belong to it."""

    settings: Settings
    store: S3Objects

    def cluster(self, capacity: Capacity = AMPLE, root: Path | None = None) -> LocalCluster:
        """Give a cluster as a server that has just started has it, with workspaces of its own below *root*."""
        return a_cluster(self.settings, capacity, root)


def a_cluster(settings: Settings, capacity: Capacity = AMPLE, root: Path | None = None) -> LocalCluster:
    """Give a cluster as a server with these settings has it."""
    return LocalCluster(root or settings.training_folder, settings.for_agents(), capacity)


@contextmanager
def a_site(folder: Path) -> Iterator[Site]:
    """Set up a data folder, and serve its object store."""
    data = folder / "data"
    (data / "s3" / "data").mkdir(parents=True)
    with an_object_store(data) as store:
        at = urlsplit(store._client.meta.endpoint_url)
        settings = Settings(data_folder=data, host=at.hostname or "", port=at.port or 0, runtime="bubblewrap")
        for name in ("quick", "trainer", "stubborn"):
            an_image(settings, name, sys.executable, str(ALGORITHMS / f"{name}.py"))
        an_image(settings, "sleeper", "/bin/sh", "-c", "echo ready; exec sleep 64.5")
        yield Site(settings, store)


def an_image(settings: Settings, name: str, *command: str) -> None:
    """Add an image to a catalogue."""
    add_image(settings.catalogue, CatalogueEntry(pattern=name, command=command, folders=(str(ALGORITHMS),)))


def a_job(name: str, image: str, **changes: Any) -> ClusterSpec:
    """Give a training job of an image of the site's."""
    return a_spec(name, image=image, **changes)


def agents_of(place: Workspace) -> list[int]:
    """Find the agents of a workspace: the processes whose output is in its agent's log."""
    found = []
    for each in Path("/proc").glob("[0-9]*/fd/1"):
        try:
            if each.readlink() == place.agent_log:
                found.append(int(each.parts[2]))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def end_of(cluster: Cluster, arn: TrainingJobArn) -> Ended:
    """Wait for a training job's end."""
    until(lambda: is_over(cluster.observe(arn, 0).entries))
    last = cluster.observe(arn, 0).entries[-1]
    assert isinstance(last, Ended)
    return last
