"""Takedown: what is known of one article leaves the archive, as deep as is asked for, and leaves a trail."""
