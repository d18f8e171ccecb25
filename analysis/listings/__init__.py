"""Who publishes where and with whom, and what is cited: counts of what the sources list."""
