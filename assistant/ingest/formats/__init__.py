"""One module per format; each has `parse(data, limit)`: bytes to `Parsed`, or `Unreadable` with the reason."""
