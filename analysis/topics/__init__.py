"""Vectors in, topics that hold still out."""
