"""How answers are compared with the truth: words, speakers, notes, and how far a figure can be trusted."""
