"""The protocols that the venue speaks, one face each."""
