"""Data: where pictures of digits come from, their formats, and how they are split."""
