"""Downloader middlewares, in front of the network."""
