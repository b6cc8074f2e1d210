"""Amazon SageMaker automatic model tuning, on your own machines."""
