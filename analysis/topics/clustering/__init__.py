"""Views in, a clustering that holds still out."""
