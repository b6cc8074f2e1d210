"""What runs beside the algorithm, on a machine with no database: the agent that SageMaker has on every ML instance."""
