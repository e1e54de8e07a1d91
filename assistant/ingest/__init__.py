"""Files to `Document`s with exact spans, and `Document`s to `Passage`s."""
