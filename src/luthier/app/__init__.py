"""The composition root: the only place that names a concrete cluster, runtime, store or strategy."""
