"""Question sets, what is measured on them, and what is fitted to them."""
