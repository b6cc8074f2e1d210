"""Channels: how input gets from S3 to the folders that the algorithm reads."""


class ChannelError(Exception):
    """A channel cannot be filled; the message names the channel, the object or URI, and the remedy."""
