"""How each written form of a transcript is read: lines, cues, rows and JSON turns become pieces of what was said."""
