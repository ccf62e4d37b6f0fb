"""Training: a recipe -> a net -> checkpoints -> exported weights (needs torch)."""

import os

# torch's threads wait for one another at every operation, and burn their core's time while they do. On a busy
# machine the one that is waited for then doesn't get to run: training beside a browser took six times as
# long. So they wait briefly, then sleep. To be said before torch is loaded; whoever says otherwise prevails.
os.environ.setdefault("GOMP_SPINCOUNT", "20000")
