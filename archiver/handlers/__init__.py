"""Download handlers: the network itself."""
