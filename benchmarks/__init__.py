"""How fast this engine is beside the original and beside a C++ engine with the same interface."""
