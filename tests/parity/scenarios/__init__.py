"""Scenarios by topic: small set-ups which run under both engines."""
