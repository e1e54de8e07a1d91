"""Answers by words alone, for questions in a language that the models do not read."""
