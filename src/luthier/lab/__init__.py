"""What notebooks and tests need: services to throw away, and tuning jobs as tables and figures."""
