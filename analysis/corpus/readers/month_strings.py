"""BibTeX's own abbreviations of months, which stand without braces."""

import calendar

MONTH_STRINGS = {name.lower(): name for name in calendar.month_abbr if name}
