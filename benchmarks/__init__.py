"""Headrace beside its peers: the same files, the same job, the same two processors. README.md tells how to run it."""
