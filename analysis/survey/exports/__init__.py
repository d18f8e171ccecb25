"""Results for other tools: tables with topics, reference managers, network viewers."""
