"""Watching: what machines may ask of a server and are told by it: health, metrics, events, log lines, traces."""
