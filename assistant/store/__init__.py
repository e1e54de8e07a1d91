"""The index: a SQLite catalog and Chroma vectors, in generations that are swapped whole."""
