"""Groups of papers, such as countries or venues, compared within one set of topics."""
