"""Bayesian search: a Gaussian process over the trials so far, and the point that promises most."""
