"""
Training hosts on this machine: one agent process for each training job, which outlives the process that started it.

Nothing is remembered here but the children to be reaped; what is true of a training job stands in its workspace. An
agent waits for its workspace's lock, so however many are started, one does the work and the others find it done.
"""

import time
from collections.abc import Mapping
from pathlib import Path

from luthier.clusters.agents import Agents
from luthier.clusters.removal import finish_removal, remove_tree
from luthier.clusters.workspace import Workspace, workspace
from luthier.records.journal import ClusterSpec, Ended, Observation, Presence
from luthier.records.names import TrainingJobArn


class LocalCluster:
    """A `Cluster` that is this machine. Safe to share between threads."""

    def __init__(self, root: Path, settings_environment: Mapping[str, str]) -> None:
        """Have workspaces below *root*; the environment tells agents their settings."""
        self._root = root
        self._agents = Agents(settings_environment)

    def start(self, spec: ClusterSpec) -> None:
        """See `Cluster.start`. An agent that died before its first journal entry is replaced."""
        place = workspace(self._root, spec.arn)
        if place.is_removed or place.is_stop_marked:
            self._settle(place)
            return
        place.write_spec(spec)
        if place.awaits_start and not _is_held(place):
            self._agents.start(place)

    def observe(self, arn: TrainingJobArn, after: int) -> Observation:
        """See `Cluster.observe`."""
        place = workspace(self._root, arn)
        if not (place.has_spec or place.is_stop_marked):
            return Observation(presence=Presence.ABSENT)
        self._agents.reap()
        self._settle(place)
        return Observation(
            presence=Presence.REMOVED if place.is_removed else Presence.PRESENT,
            is_stopping=place.is_stop_marked,
            awaits_restart=place.has_spec and place.awaits_restart,
            entries=place.entries(after),
        )

    def stop(self, arn: TrainingJobArn) -> None:
        """See `Cluster.stop`. The agent looks for the marker a few times a second."""
        place = workspace(self._root, arn)
        place.mark_stop()
        self._settle(place)

    def remove(self, arn: TrainingJobArn) -> None:
        """See `Cluster.remove`. Does nothing for a training job that is not over."""
        place = workspace(self._root, arn)
        if place.is_removed or not isinstance(place.last_entry(), Ended):
            return
        with place.held(wait=True):
            for folder in (*(each.folder for each in place.hosts()), place.packed):
                remove_tree(folder)
            place.mark_removed()

    def forget(self, arn: TrainingJobArn) -> bool:
        """See `Cluster.forget`. The folder goes as a whole, at one instant; an empty one of the job's name stays."""
        place = workspace(self._root, arn)
        if not place.folder.parent.exists():
            return True
        with place.alone():
            if place.folder.exists():
                if not (isinstance(place.last_entry(), Ended) or _is_deserted(place)):
                    return False
                remove_tree(place.folder)
            else:
                finish_removal(place.folder)
        return True

    def _settle(self, place: Workspace) -> None:
        if isinstance(place.last_entry(), Ended) or (place.awaits_start and not place.is_stop_marked):
            return
        with place.held(wait=False) as is_held:
            if is_held:
                place.settle(time.time())  # noqa: TID251  # speaks for a host, whose clock this is


def _is_deserted(place: Workspace) -> bool:
    """Whether nothing has ever happened there, and nobody is about to begin."""
    return place.last_entry() is None and not _is_held(place)


def _is_held(place: Workspace) -> bool:
    with place.held(wait=False) as is_ours:
        return not is_ours
