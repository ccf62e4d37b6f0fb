"""/v1/recipes and /v1/runs: training as the page's fourth room does it."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from shuzi.errors import MissingExtraError, RecipeError
from shuzi.serving.problems import Problem, documented
from shuzi.serving.runfolder import SCORE, Job, last_words, read_object, read_rows
from shuzi.serving.runs import Runs
from shuzi.serving.schemas import BudgetRun, RecipeList, RecipeRun, Run, RunList, RunScore
from shuzi.serving.shelf import RUN, Shelf
from shuzi.training.recipe import load_recipe, recipe_names

router = APIRouter(prefix="/v1", tags=["training"])

BUDGETS = ["2s", "10s", "1m", "10m", "best"]
_INSTALL = 'pip install "shuzi[train]"'
_KNOWN = documented(403, 404, 422)

Id = Annotated[str, Path(max_length=40)]


@router.get("/recipes", response_model=RecipeList, responses=documented(403))
def recipes(request: Request) -> Any:
    """What can be trained, and whether this server can train."""
    shelf: Shelf = request.app.state.shelf
    sizes = {model["name"]: model["parameters"] for model in shelf.models()}
    found = [load_recipe(name) for name in recipe_names()]
    told = [
        {
            "name": recipe.name,
            "title": recipe.title,
            "parameters": sizes.get(recipe.name),
            "expected": vars(recipe.expected),
            "source": vars(recipe.source),
        }
        for recipe in found
    ]
    return {"available": _available(request), "install": _INSTALL, "recipes": told, "budgets": BUDGETS}


@router.post(
    "/runs", status_code=201, response_model=Run, responses=documented(400, 403, 408, 413, 415, 422, 429, 503)
)
async def start(request: Request, wanted: RecipeRun | BudgetRun) -> Any:
    """Train a net; it waits until the runs before it are done."""
    if not request.app.state.settings.training:
        raise Problem(403, "Training is switched off on this server.")
    if not _available(request):
        raise Problem(503, str(MissingExtraError("Training")))
    if isinstance(wanted, RecipeRun):
        if wanted.recipe not in recipe_names():  # a name, never a file's path
            raise RecipeError("There is no recipe of that name: GET /v1/recipes lists those there are.")
        recipe, budget, title = wanted.recipe, None, load_recipe(wanted.recipe).title
    else:
        recipe, budget, title = None, wanted.budget, f"The best net for {wanted.budget}"
    job = _runs(request).add(
        recipe, budget, title, seed=wanted.seed, epochs=wanted.epochs, corrections=wanted.corrections
    )
    return _facts(request, job, after=0)


@router.get("/runs", response_model=RunList, responses=documented(403))
def runs(request: Request) -> Any:
    """All runs, the newest first, without their live figures."""
    return {"runs": [_facts(request, job, after=None) for job in _runs(request).jobs()]}


@router.get("/runs/{id}", response_model=Run, responses=_KNOWN)
def run(
    request: Request,
    id: Id,
    after: Annotated[int, Query(ge=0, description="How many live figures are known already.")] = 0,
) -> Any:
    """A run, with its live figures from the one after the first `after`."""
    return _facts(request, _runs(request).job(id), after=after)


@router.post("/runs/{id}/stop", response_model=Run, responses=_KNOWN)
async def stop(request: Request, id: Id) -> Any:
    """Stop a run after the step at hand; it can go on later."""
    await _runs(request).interrupt(_runs(request).job(id))
    return _facts(request, _runs(request).job(id), after=0)


@router.post("/runs/{id}/resume", response_model=Run, responses=_KNOWN | documented(409, 429))
async def resume(request: Request, id: Id) -> Any:
    """Go on with a stopped run, to the same bits."""
    job = _runs(request).job(id)
    _runs(request).resume(job)
    return _facts(request, job, after=0)


@router.delete("/runs/{id}", status_code=204, responses=_KNOWN)
async def delete(request: Request, id: Id) -> Response:
    """Stop a run and remove it, with its weights."""
    await _runs(request).delete(_runs(request).job(id))
    return Response(status_code=204)


@router.get("/runs/{id}/score", response_model=RunScore, responses=_KNOWN | documented(409))
def score(request: Request, id: Id) -> Any:
    """What a finished run's net reaches on the test digits, and its worst mistakes."""
    found = read_object(_folder(request, _runs(request).job(id)) / SCORE)
    if not found:
        raise Problem(409, "This run has no score yet: it gets one when it is done.")
    return found


def _available(request: Request) -> bool:
    wanted: bool = request.app.state.settings.training and os.name == "posix"
    return wanted and all(importlib.util.find_spec(name) for name in ("torch", "onnxscript", "safetensors"))


def _runs(request: Request) -> Runs:
    runs: Runs = request.app.state.runs
    return runs


def _folder(request: Request, job: Job) -> FilePath:
    return _runs(request).folder / job.id


def _facts(request: Request, job: Job, *, after: int | None) -> dict[str, Any]:
    """A run as the API tells it; `after` None leaves out the live figures."""
    folder = _folder(request, job)
    history, live = read_rows(folder / "metrics.jsonl"), read_rows(folder / "live.jsonl")
    last = max((history or [{}])[-1], (live or [{}])[-1], key=lambda row: row.get("step", 0))
    steps = (live or [{}])[-1].get("steps")
    going = job.stage in ("training", "exporting")
    rate, step = last.get("samples_per_second"), last.get("step")
    left = None
    if job.stage == "training" and steps and step and last.get("seconds"):
        left = round((steps - step) * last["seconds"] / step, 1)
    facts = read_object(folder / "run.json")
    done = job.stage == "done"
    return {
        "id": job.id,
        "recipe": facts.get("recipe", {}).get("name") or job.name,
        "title": job.title,
        "seed": job.seed,
        "status": "running" if going else job.stage,
        "error": job.error or (last_words(folder) if job.stage == "failed" else None),
        "started": job.started,
        "seconds": last.get("seconds"),
        "step": step,
        "steps": steps,
        "samples_per_second": rate,
        "seconds_left": left,
        "history": history,
        "live": None if after is None else live[after:],
        "weights": RUN + job.id if done else None,
        "test_accuracy": read_object(folder / SCORE).get("accuracy") if done else None,
    }
