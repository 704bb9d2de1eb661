"""The report of a day for people: figures, charts that can be pasted into a letter, a page of paper, a sheet."""
