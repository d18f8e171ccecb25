"""Concepts: which modality, task, anatomy or method a paper speaks of, from a vocabulary file."""
