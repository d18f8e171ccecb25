"""Stable topics by consensus clustering, with labels, themes and a map."""
