"""shuzi's way of training a recipe: python bench/shuzi_way.py RECIPE EPOCHS (see bench/training.py)."""

import json
import sys

from shuzi.evaluation.evaluate import score_net
from shuzi.training.recipe import load_recipe
from shuzi.training.trainer import train

run = train(load_recipe(sys.argv[1], [f"schedule.epochs={sys.argv[2]}"]))
print(json.dumps({"seconds": run.seconds, "accuracy": score_net(run.net, run.recipe).accuracy}))
