"""Training over HTTP: real runs in processes of their own, which outlive the server that started them."""

import time

from servers import serving
from test_reading_api import example, read, refused

import shuzi
from shuzi.serving.runfolder import Job, write_job


def wait_for(client, id, wanted):
    """The run, as soon as `wanted` says yes to it."""
    deadline = time.monotonic() + 240
    while True:
        run = client.get(f"v1/runs/{id}").json()
        if wanted(run):
            return run
        assert run["status"] not in ("failed", "done"), run
        assert time.monotonic() < deadline, run
        time.sleep(0.1)


def test_a_run_from_start_to_use_and_one_that_outlives_its_server(tmp_path):
    with serving(folder=tmp_path, workers=1) as served:
        client = served.client
        first = client.post("v1/runs", json={"recipe": "pytorch-mlp", "epochs": 0.2, "seed": 3})
        assert first.status_code == 201, first.text
        second = client.post("v1/runs", json={"recipe": "paddle-linear", "epochs": 900.0}).json()
        assert second["status"] == "queued"
        stopped = client.post(f"v1/runs/{second['id']}/stop").json()
        assert stopped["status"] == "interrupted"
        id = first.json()["id"]
        refused(client.get(f"v1/runs/{id}/score"), 409)
        refused(client.post(f"v1/runs/{id}/resume"), 409)
        refused(read(served, example("digit.png"), weights=f"run:{id}"), 422)

        run = wait_for(client, id, lambda run: run["status"] == "done")
        assert (run["recipe"], run["seed"], run["weights"]) == ("pytorch-mlp", 3, f"run:{id}")
        assert [row["step"] for row in run["history"]] == [run["step"]]
        assert client.get("v1/runs").json()["runs"][1] == run | {"live": None}
        score = client.get(f"v1/runs/{id}/score").json()
        assert score["accuracy"] == run["test_accuracy"] > 0.8
        assert sum(map(sum, score["confusion"])) == 10_000
        assert score["mistakes"][0]["label"] != score["mistakes"][0]["answer"]
        images, labels = shuzi.load_mnist("test")
        sent = {"images": images[:100].tolist()}
        told = client.post("v1/classify", params={"weights": run["weights"]}, json=sent).json()
        right = [one["digit"] == label for one, label in zip(told["predictions"], labels, strict=False)]
        assert sum(right) > 70
        names = [model["name"] for model in client.get("v1/models").json()["models"] if not model["shipped"]]
        assert names == [run["weights"]]

        going = client.post(f"v1/runs/{second['id']}/resume").json()
        assert going["status"] in ("queued", "running")
        wait_for(client, second["id"], lambda run: (run["step"] or 0) > 0)
    # The server has stopped, and with it, after saving, its run; the next server goes on with it.
    with serving(folder=tmp_path, workers=1) as served:
        client = served.client
        before = client.get(f"v1/runs/{second['id']}").json()
        assert before["status"] in ("queued", "running")
        run = wait_for(client, second["id"], lambda run: run["step"] > before["step"])
        assert run["steps"] is None or run["steps"] > run["step"]
        assert client.post(f"v1/runs/{second['id']}/stop").json()["status"] == "interrupted"
        assert client.delete(f"v1/runs/{second['id']}").status_code == 204
        refused(client.get(f"v1/runs/{second['id']}"), 404)
        assert [path.name for path in (tmp_path / "runs").iterdir()] == [id]


def test_a_run_that_fails_says_why_and_what_was_waiting_is_begun(tmp_path):
    job = Job(
        "20260101-000000-123456", "pytorch-mlp", None, "A run", 0, None, False, "2026-01-01T00:00:00+00:00"
    )
    folder = tmp_path / "runs" / job.id
    folder.mkdir(parents=True)
    write_job(folder, job)
    (folder / "run.json").write_text("damaged")
    with serving(folder=tmp_path, workers=1) as served:
        deadline = time.monotonic() + 120
        while (run := served.client.get(f"v1/runs/{job.id}").json())["status"] in ("queued", "running"):
            assert time.monotonic() < deadline, run
            time.sleep(0.1)
        assert run["status"] == "failed"
        assert "run.json is damaged" in run["error"]
        assert served.client.post(f"v1/runs/{job.id}/resume").json()["status"] in ("queued", "running")
        for sent in NONSENSE:
            refused(served.client.post("v1/runs", json=sent), 422)


NONSENSE = (
    {},
    {"recipe": "pytorch-mlp", "budget": "2s"},
    {"recipe": "../../evil.toml"},
    {"recipe": "/etc/passwd"},
    {"budget": "1h"},
    {"recipe": "pytorch-mlp", "seed": -1},
    {"recipe": "pytorch-mlp", "epochs": 0.0},
    {"recipe": "pytorch-mlp", "set": "x=1"},
    [],
)


def test_recipes_and_a_server_that_does_not_train(served):
    told = served.client.get("v1/recipes").json()
    assert told["available"] is False
    assert "shuzi[train]" in told["install"]
    (linear,) = [recipe for recipe in told["recipes"] if recipe["name"] == "paddle-linear"]
    assert linear["parameters"] == 785
    refused(served.client.post("v1/runs", json={"recipe": "paddle-linear"}), 403)
    refused(served.client.get("v1/runs/..%2F..%2Fetc"), 404)
