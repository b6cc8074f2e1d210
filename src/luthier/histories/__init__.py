"""What was tried elsewhere: tuning jobs of SageMaker, studies, runs and tables, read as histories. Pure."""
