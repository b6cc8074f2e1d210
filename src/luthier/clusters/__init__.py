"""
Clusters: on which machines training hosts run.

Every verb is keyed by the training job's ARN and may be said twice, by two processes at once, in any order:
a name that has been stopped or removed never starts again, and a name that has started never starts a second time.
Only a name that has been forgotten is a new one.
"""

from typing import Protocol

from luthier.records.journal import ClusterSpec, Observation
from luthier.records.names import TrainingJobArn


class Cluster(Protocol):
    """Where the hosts of training jobs run."""

    def start(self, spec: ClusterSpec) -> None:
        """
        Start all hosts, unless the name was ever started, stopped or removed: then do nothing.

        Where there is no room for all of them they wait, and start without being asked again; `observe` says for what
        they wait. Only a cluster whose process has ended must be asked again: who waits has no workspace as yet.
        """
        ...

    def observe(self, arn: TrainingJobArn, after: int) -> Observation:
        """
        Say what is known of the name, with the journal entries after the first *after* ones.

        A host that died without a last word gets one here: Failed, retryable. Asking again gives the same entries.
        """
        ...

    def stop(self, arn: TrainingJobArn) -> None:
        """
        Ask the hosts to stop: SIGTERM, 120 s, SIGKILL. Returns at once; the journal tells when it is over.

        A name that never started is marked so that it never will, and its journal ends as Stopped.
        """
        ...

    def remove(self, arn: TrainingJobArn) -> None:
        """Clear the workspace of a training job that is over; its journal and log stay. Twice is once."""
        ...

    def forget(self, arn: TrainingJobArn) -> bool:
        """
        Forget a training job that is over, journal, log and all, so that its name may start anew.

        Says whether nothing is left of the name. False, and nothing happens, for a training job that is not over. Twice
        is once, and what was left half done is finished.
        """
        ...
