"""Rows: tuning jobs, training jobs, metric points and leases, the same code on SQLite and PostgreSQL."""
