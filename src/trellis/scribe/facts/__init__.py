"""What client and others said that a note needs: chosen by what it is about and how it was meant."""
