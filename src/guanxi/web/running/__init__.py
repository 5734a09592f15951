"""What the pages of runs show: where a run stands, what comes next, and what became of every row."""
