"""Exports in, one clean table of papers out."""
