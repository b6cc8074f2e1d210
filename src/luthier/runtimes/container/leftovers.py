"""What was made for a training job and is to be no more, by whoever comes after a dead agent too."""

from collections.abc import Callable

from luthier.runtimes.container.engine import Engine
from luthier.runtimes.container.names import GROUP, OWNER, SIDE, TRAINING_JOB, Names

_NEEDED = {GROUP, TRAINING_JOB}


def clear(engine: Engine, names: Names) -> None:
    """End and delete all containers of a group, and then its networks. Twice is once."""
    for container in sorted(engine.containers(names.labels), key=lambda each: SIDE in each.labels):  # these last
        engine.remove(container.id)
    for network in engine.networks(names.labels):
        engine.remove_network(network.id)


def sweep(engine: Engine, owner: str, is_over: Callable[[str], bool]) -> list[str]:
    """Clear what is left of an installation's training jobs that are over by *is_over*; gives their ARNs."""
    found = [*engine.containers({OWNER: owner}), *engine.networks({OWNER: owner})]
    groups = {each.labels[TRAINING_JOB]: each.labels[GROUP] for each in found if each.labels.keys() >= _NEEDED}
    over = sorted(filter(is_over, groups))
    for arn in over:
        clear(engine, Names(owner=owner, group=groups[arn]))
    return over
