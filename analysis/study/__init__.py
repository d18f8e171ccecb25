"""A study: a folder with study.toml, its stages in order, and what they left."""
