"""Sources that differ on a value: `disagree` finds them; the other modules say when two values are of one thing."""
