"""Who says what to whom: sentences with the question they answer, the people they mean, and in what sense."""
