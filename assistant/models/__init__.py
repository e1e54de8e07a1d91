"""Local models from installed packages or folders, each behind one small interface."""
