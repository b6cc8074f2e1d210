"""The order that a seed and an epoch settle; NumPy's, so that it stays the same from version to version."""

import numpy as np


def shuffled(count: int, seed: int, epoch: int) -> list[int]:
    """Give the places from 0 to *count* - 1 in the order of an epoch, counted from 0; a seed may be negative."""
    order: list[int] = np.random.default_rng([seed % (1 << 64), epoch]).permutation(count).tolist()
    return order
