"""Topics and dates in, verdicts with their uncertainty out."""
