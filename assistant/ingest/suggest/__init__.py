"""Questions that a document's own sentences answer, made by rules: `suggest` makes them for a passage."""
