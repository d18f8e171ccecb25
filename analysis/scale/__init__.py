"""The same stages over partitions: in this process, or on a Dask cluster."""
