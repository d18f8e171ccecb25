"""One file per figure, named for it: what it is drawn from, how, and the words that go with it."""
