"""Files (atomic, locked, hashed), partitions, and who does the work on them."""
