"""A reader's outline in, topics that follow it out, and how far the papers bear it out."""
