"""How a training ended, in SageMaker's words: the outcome of a verdict, and the FailureReason of one that failed."""

import signal
from collections.abc import Mapping, Sequence

from luthier.clusters.host_folder import HostFolder
from luthier.host.journal import LONGEST_REASON
from luthier.host.layout import failure_text
from luthier.host.supervise import Cause, Verdict
from luthier.records.journal import ClusterSpec, Outcome
from luthier.runtimes import Exit

OUTCOMES: Mapping[Cause, Outcome] = {
    Cause.STOP_REQUESTED: Outcome.STOPPED,
    Cause.MAX_RUNTIME: Outcome.MAX_RUNTIME_EXCEEDED,
    Cause.VOLUME_FULL: Outcome.FAILED,
    Cause.INPUT_LOST: Outcome.FAILED,
}

OUT_OF_MEMORY = (
    "ClientError: Please use an instance type with more memory, or reduce the size of training data processed on an "
    "instance."
)


def failure_reason(hosts: Sequence[HostFolder], spec: ClusterSpec, verdict: Verdict) -> str | None:
    """Say why the training failed, in SageMaker's manner; None if it did not. Of several hosts it names the one."""
    if verdict.cause is Cause.VOLUME_FULL:
        size = spec.definition.volume_gb
        return f"ClientError: input, model and scratch files need more than {size} GB; raise VolumeSizeInGB"
    if verdict.cause is not Cause.EXITED or verdict.failed is None:
        return None
    host, ended = hosts[verdict.failed], verdict.exits[verdict.failed]
    where = f"{host.name}: " if len(hosts) > 1 else ""
    if ended.is_out_of_memory:
        return f"{OUT_OF_MEMORY} ({where}{spec.definition.instance_type} has too little)"
    return f"AlgorithmError: {where}{failure_text(host, LONGEST_REASON) or _exit_words(ended)}"


def _exit_words(ended: Exit) -> str:
    """Put an exit code into words; a signal's is 128 and its number, as a shell reports it."""
    code = ended.code
    if code >= 0:
        return f"Exit Code: {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    hint = "; the machine may have run out of memory" if -code == signal.SIGKILL else ""
    return f"Exit Code: {128 - code} ({name}{hint})"
