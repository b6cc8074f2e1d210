"""Channels: how input gets from S3 to the folders and pipes that the algorithm reads."""
