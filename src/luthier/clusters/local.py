"""
Training hosts on this machine: one agent process for each training job, which outlives the process that started it.

What is true of a training job stands in its workspace. Remembered here are the children to be reaped; who has a place
on the machine, which the workspaces tell a server that has just started; and who waits for one, which is asked again
then. An agent waits for its workspace's lock, so however many are started, one does the work and the others find it
done.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from luthier.clusters.admission import Admission
from luthier.clusters.agents import Agents
from luthier.clusters.capacity import Resources, Slots
from luthier.clusters.encrypted_volume import encrypted_folder, release
from luthier.clusters.occupancy import Occupancy, levels
from luthier.clusters.removal import finish_removal, remove_tree
from luthier.clusters.workspace import Workspace, unfinished, workspace
from luthier.records.journal import ClusterSpec, Ended, Observation, Presence
from luthier.records.names import TrainingJobArn


class LocalCluster:
    """A `Cluster` that is this machine. Safe to share between threads."""

    def __init__(
        self,
        root: Path,
        settings_environment: Mapping[str, str],
        capacity: Slots | Resources,
        clear: Callable[[str], None] = lambda _: None,
    ) -> None:
        """
        Have workspaces below *root*; the environment tells agents their settings.

        *clear* removes what hosts have left on this machine beside their workspace, by the name of their group.
        """
        self._root = root
        self._clear = clear
        self._capacity = capacity
        self._agents = Agents(settings_environment)
        self._admission = Admission(capacity, unfinished(root))

    def start(self, spec: ClusterSpec) -> None:
        """See `Cluster.start`. An agent that died before its first journal entry is replaced."""
        place = workspace(self._root, spec.arn)
        if not (place.has_spec or place.is_stop_marked):
            self._admission.ask(spec)
            self._let_in()
            placed = self._admission.placed(spec)
            if placed is not None:
                spec = placed
            elif not place.is_stop_marked:
                return
        self._begin(spec)

    def observe(self, arn: TrainingJobArn, after: int) -> Observation:
        """See `Cluster.observe`."""
        place = workspace(self._root, arn)
        if not (place.has_spec or place.is_stop_marked):
            return Observation(presence=Presence.ABSENT, waiting=self._still_waiting(arn))
        self._agents.reap()
        self._settle(arn, place)
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
        self._settle(arn, place)

    def remove(self, arn: TrainingJobArn) -> None:
        """See `Cluster.remove`. Does nothing for a training job that is not over."""
        place = workspace(self._root, arn)
        if not place.has_spec:
            self._admission.leave(arn)  # there was one, which somebody has deleted
        if place.is_removed or not isinstance(place.last_entry(), Ended):
            return
        with place.held(wait=True):
            self._clear(place.group_name)
            release(place.folder)
            for host in place.hosts():
                remove_tree(host.folder)
                remove_tree(encrypted_folder(host.folder))
            place.mark_removed()

    def forget(self, arn: TrainingJobArn) -> bool:
        """See `Cluster.forget`. The folder goes as a whole, at one instant; an empty one of the job's name stays."""
        place = workspace(self._root, arn)
        if not place.folder.parent.exists():
            self._admission.leave(arn)
            return True
        with place.alone():
            if place.folder.exists():
                if not (isinstance(place.last_entry(), Ended) or _is_deserted(place)):
                    return False
                release(place.folder)
                remove_tree(place.folder)
            else:
                finish_removal(place.folder)
        self._admission.leave(arn)
        return True

    def occupancy(self) -> Occupancy:
        """Say who is here and who waits, and what is in use of the machine."""
        placed, waiting, in_use = self._admission.occupancy()
        return Occupancy(placed=placed, waiting=waiting, levels=levels(self._capacity, in_use))

    def _let_in(self) -> None:
        """Start all those that have come to have a place, whoever looks first."""
        for spec in self._admission.admit():
            self._begin(spec)

    def _begin(self, spec: ClusterSpec) -> None:
        """Start a training job that has a place, unless it was stopped meanwhile."""
        place = workspace(self._root, spec.arn)
        if place.is_removed or place.is_stop_marked:
            self._settle(spec.arn, place)
            return
        place.write_spec(spec)
        if place.awaits_start and not _is_held(place):
            self._agents.start(place)

    def _still_waiting(self, arn: TrainingJobArn) -> str | None:
        """Say what a training job waits for, if there is still no room; who is first looks whether others are over."""
        if self._admission.waiting(arn) is None:
            return None
        if self._admission.is_first(arn):
            for each in self._admission.inside():
                self._settle(each, workspace(self._root, each))
        self._let_in()
        return self._admission.waiting(arn)

    def _settle(self, arn: TrainingJobArn, place: Workspace) -> None:
        """Speak for hosts that cannot; when the training job is over, its place is free."""
        is_over = isinstance(place.last_entry(), Ended)
        if not is_over and (place.is_stop_marked or not place.awaits_start):
            with place.held(wait=False) as is_held:
                is_over = is_held and place.settle(time.time())  # noqa: TID251  # speaks for a host, whose clock this is
        if is_over:
            self._admission.leave(arn)


def _is_deserted(place: Workspace) -> bool:
    """Whether nothing has ever happened there, and nobody is about to begin."""
    return place.last_entry() is None and not _is_held(place)


def _is_held(place: Workspace) -> bool:
    with place.held(wait=False) as is_ours:
        return not is_ours
