"""Answers from a folder of documents, each sentence tied to the exact words of a source."""

__version__ = "0.1.0"
