"""Texts in, vectors out: several views of every paper."""
