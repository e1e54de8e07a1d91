"""Question sets and documents made from the files of others: public sets, and those of other tools."""
