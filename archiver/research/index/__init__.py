"""The search index of a site's folder: made of its lines, kept fresh, and made anew whenever it is not right."""
