"""Charts drawn by both engines, read back from the figures' objects and compared axis by axis."""
