"""The words about words: numbers, grammar, fillers, phrases and dates that every later act reads alike."""
