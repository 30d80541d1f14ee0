"""Have a language model join a few sentences, and keep only what says the same: nothing more, nothing less."""
