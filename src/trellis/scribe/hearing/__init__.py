"""From a recording to turns with roles: recognised words, told apart by voice, put right, and given to people."""
