"""Evaluation: how good weights are, and where they fail."""
