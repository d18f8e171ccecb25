"""Readers: one file a format, each turning a file's text into records and rejects."""
