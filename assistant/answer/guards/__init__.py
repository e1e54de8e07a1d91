"""Small checks of a sentence against the source it cites, each blind to all but one kind of change.

`text` reads both sides once; each guard (`figures`, `names`, `roles`, `negation`, `contrast`, `quotes`, `edits`,
`coverage`) takes the two readings and returns its problems, one short line each. No guard needs a model or the
network, and all of them together take about a millisecond. Where a sentence and its source share a value, `align`
tells whether it stands in the same place: next to the same words.
"""
