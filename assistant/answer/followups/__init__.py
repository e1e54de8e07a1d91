"""Questions that lean on those before them, put in full: by a chat model (`rewrite`) or by rule (`condense`)."""
