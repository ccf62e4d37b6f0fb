"""Training: a recipe -> a net -> checkpoints -> exported weights (needs torch)."""
