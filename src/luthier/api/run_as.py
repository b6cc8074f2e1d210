"""What a training job definition runs, and as what: settled before its members are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from luthier.runtimes.vpc_file import Vpc


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAs:
    """An image, and what depends on how it is run."""

    image: str
    is_container: bool  # else a command of this machine stands for it
    vpc: Callable[[], Vpc]  # reads what a VpcConfig stands for; raises VpcError
    defaults: Mapping[str, str] = field(default_factory=dict)  # values known to be taken for hyperparameters left out
