"""Runs the same scripts under the original backtrader and under this engine and compares everything they show."""
