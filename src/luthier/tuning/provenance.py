"""What computes proposals here: the programs and the processor on which their last digits depend."""

import platform
from functools import cache
from importlib.metadata import version

import numpy as np
import scipy.linalg
from threadpoolctl import threadpool_info


@cache
def provenance() -> str:
    """
    Name the versions, and the kernels that the linear algebra has chosen for this processor, in one line.

    Where this is the same, proposals are the same bit for bit; elsewhere they may be.
    """
    kernels = sorted({str(each["architecture"]) for each in threadpool_info() if "architecture" in each})
    processor = " ".join([platform.machine(), *kernels])
    return f"luthier {version('luthier')}, numpy {np.__version__}, scipy {scipy.__version__}, {processor}"
