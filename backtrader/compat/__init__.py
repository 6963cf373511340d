"""Upstream's old module paths and accidental names: strings only, nothing here imports the package."""
