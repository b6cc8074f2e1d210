"""Algorithms: the image catalogue, and the algorithms shipped to stand in for SageMaker's built-in images."""
