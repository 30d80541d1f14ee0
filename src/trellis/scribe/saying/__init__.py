"""From spoken first person to the sentences of a note, or to nothing where that can't be done faithfully."""
