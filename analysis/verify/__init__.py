"""Whether text, figures, notebooks and tables of a study agree."""
