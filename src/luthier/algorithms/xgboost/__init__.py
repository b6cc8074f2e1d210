"""What stands in for SageMaker's XGBoost image: the same words in, the same log and model out."""
