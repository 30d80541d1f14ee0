"""Whether what was said carries a statement: the check that knows nothing of how the statement was written."""
