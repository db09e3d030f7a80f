"""Watching an archive without holding it: what runs wrote, when the next is due, and what calls them."""
