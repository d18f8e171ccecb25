"""A clustering in, the tables of its topics out: words, labels, themes, representatives, measures."""
