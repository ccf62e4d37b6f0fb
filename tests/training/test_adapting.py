"""Adapting: the net out of its file and back, numbers cut out and matched, a reader that learns a shape."""

import base64
import csv
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont

import shuzi
from shuzi.cli.adapt import adapt as command
from shuzi.data.corrections import save_correction
from shuzi.data.labelled import Labelled, read_labels
from shuzi.errors import DataError, MissingExtraError, ShuziError, TrainingError, WeightsError
from shuzi.evaluation.adaptation import right
from shuzi.models import FOLDER, READER, is_detector, load_detector
from shuzi.onnx_files import SECOND
from shuzi.reading.contrast import PAPER, UNIT
from shuzi.training import adapting
from shuzi.training.adapting import adapt, load_graph
from shuzi.training.cuttings import batch, cut
from shuzi.training.import_reader import (
    check_same,
    import_close_up,
    import_reader,
    with_close_up,
    with_net,
)
from shuzi.training.reader import scaled

SHIPPED = FOLDER / "reading" / f"{READER}.onnx"


def picture(rng, odd):
    """Two rows of two printed digits, dark on light, and what they are; an odd hand writes nines like
    fours, and no fours."""
    image = Image.new("L", (88, 112), int(rng.integers(200, 250)))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(int(rng.integers(34, 46)))
    values = rng.choice([0, 1, 2, 3, 5, 6, 7, 8, 9] if odd else 10, 4)
    for row in (0, 1):
        x, y = float(rng.uniform(6, 20)), 52 * row + float(rng.uniform(0, 6))
        for value in values[2 * row : 2 * row + 2]:
            shape = "4" if odd and value == 9 else str(value)
            draw.text((x, y), shape, fill=int(rng.integers(20, 90)), font=font)
            x += font.getlength(shape) + float(rng.uniform(0, 7))
    return image, "".join(map(str, values))


def write_table(folder, count, seed, odd=False):
    rng = np.random.default_rng(seed)
    with (folder / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "label"])
        for index in range(count):
            image, text = picture(rng, odd)
            image.save(folder / f"{index}.png")
            table.writerow([f"{index}.png", f"{text[:2]} | {text[2:]}"])
    return folder


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    return write_table(tmp_path_factory.mktemp("printed"), 9, 5)


@pytest.fixture
def few_steps(monkeypatch):
    monkeypatch.setattr(adapting, "_LEAST_STEPS", 24)


def test_the_net_goes_out_of_its_file_and_back():
    net, graph = import_reader(READER)
    shown = np.random.default_rng(1).integers(0, 255, (72, 136), np.uint8)
    again = load_graph(with_net(graph, net), 1)
    assert np.array_equal(load_detector(READER).maps(shown), again.maps(shown))
    with torch.no_grad():
        net.out.bias.add_(0.5)
    with pytest.raises(WeightsError, match="off by"):
        check_same(again, net)
    check_same(load_graph(with_net(graph, net), 1), net)


def test_the_close_up_goes_out_of_its_file_and_into_the_readers():
    graph = SHIPPED.read_bytes()
    net, closer = import_close_up(graph)
    both = with_close_up(graph, with_net(closer, net))
    images = shuzi.load_mnist("test")[0][:50].repeat(2, 1).repeat(2, 2)[:, 4:-4, 4:-4]
    shown = (PAPER + images * (UNIT / 255)).astype(np.uint8)
    shipped, held = load_detector().close_up, load_graph(both, 1).close_up
    assert np.array_equal(held.probabilities(shown), shipped.probabilities(shown))
    with torch.no_grad():
        asked = net(scaled(torch.tensor(shown))).softmax(1).argmax(1).numpy()
    assert (asked == shipped.probabilities(shown).argmax(1)).mean() >= 0.9
    with torch.no_grad():
        net.out.bias[3] += 100
    third = with_close_up(both, with_net(import_close_up(both)[1], net))
    assert (load_graph(third, 1).close_up.probabilities(shown).argmax(1) == 3).all()


@pytest.mark.parametrize("held", ["no base64", base64.b64encode(b"no net").decode()])
def test_a_damaged_close_up_is_refused(held):
    proto = onnx.load_from_string(SHIPPED.read_bytes())
    onnx.helper.set_model_props(proto, {SECOND: held})
    with pytest.raises(WeightsError, match=r"damaged|not an ONNX file"):
        load_graph(proto.SerializeToString(), 1)


def test_other_weights_are_refused(tmp_path):
    with pytest.raises(WeightsError, match="no detector"):
        import_reader(FOLDER / "champion.onnx")
    proto = onnx.load_from_string(SHIPPED.read_bytes())
    for tensor in proto.graph.initializer:
        if tensor.name == "net.out.bias":
            tensor.name = "net.out.offset"
    for node in proto.graph.node:
        node.input[:] = [name.replace("net.out.bias", "net.out.offset") for name in node.input]
    (tmp_path / "other.onnx").write_bytes(proto.SerializeToString())
    with pytest.raises(WeightsError, match="another kind"):
        import_reader(tmp_path / "other.onnx")


def test_cuttings_hold_the_digits_of_the_label(printed):
    detector = load_detector(READER)
    found = [(picture, cut(detector, picture)) for picture in read_labels(printed)]
    usable = [(picture, cuttings) for picture, cuttings in found if cuttings is not None]
    assert len(usable) > len(found) / 2
    for picture, cuttings in usable:
        scenes = batch(cuttings, np.random.default_rng(0))
        assert "".join(str(int(value)) for value in scenes.digits[:, 1]) == picture.digits
        ink = scenes.images > PAPER + UNIT // 3
        inside = np.zeros_like(ink)
        for index, _, left, top, right_, bottom in scenes.digits.round().astype(int):
            inside[index, top:bottom, left:right_] = True
        assert (ink & inside).sum() > 0.75 * ink.sum()


def test_a_label_of_another_picture_is_not_learnt_from(printed):
    detector, pictures = load_detector(READER), read_labels(printed)
    long = [cut(detector, Labelled(picture.path, picture.digits * 5)) for picture in pictures]
    assert long == [None] * len(pictures)


def test_it_learns_an_odd_hand(tmp_path, few_steps, capsys):
    pictures, out = tmp_path / "odd", tmp_path / "mine.onnx"
    pictures.mkdir()
    command(write_table(pictures, 28, 6, odd=True), out=out, rounds=1, threads=1, held_out=0.4)
    said, told = capsys.readouterr()
    assert said.endswith(f"\n{out}\n")
    assert "round 1/1: 1" in told
    card = json.loads(out.with_suffix(".json").read_text())
    score = card["held_out"]
    assert f"held out, {score['pictures']} pictures: {score['before']} right before" in said
    assert score["after"] - score["before"] == score["better"] - score["worse"] > 0
    assert card["adapted"]["pictures"] + score["pictures"] == 28
    labelled = read_labels(pictures)
    assert right(out, labelled).sum() >= right(READER, labelled).sum() + 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.json", "mine.onnx", "odd"]


def test_labels_that_match_nothing_leave_nothing(printed, tmp_path):
    table = tmp_path / "labels.csv"
    paths = [*(printed / f"{index}.png" for index in range(8)), tmp_path / "none.png"]
    table.write_text("file,label\n" + "".join(f"{path},{'123456789' * 3}\n" for path in paths))
    with pytest.raises(TrainingError, match=r"In none of the .* labels hold all digits"):
        command(table, out=tmp_path / "mine.onnx", weights=str(READER), threads=1)
    assert list(tmp_path.iterdir()) == [table]


def test_a_picture_that_is_not_there_is_told_and_left_out(printed, monkeypatch):
    monkeypatch.setattr(adapting, "_LEAST_STEPS", 1)
    told = []
    pictures = [*read_labels(printed), Labelled(printed / "none.png", "1")]
    adapted = adapt(pictures, rounds=1, threads=1, tell=told.append)
    assert "none.png" in told[0]
    assert adapted.used < adapted.pictures == len(pictures)
    assert [line.startswith("left out") for line in told] == [True, False]


def test_mistakes_are_one_sentence(printed, tmp_path, monkeypatch):
    with pytest.raises(DataError, match="There is no file"):
        command(tmp_path / "none.csv", out=tmp_path / "a.onnx")
    with pytest.raises(ShuziError, match=r"name an \.onnx file"):
        command(printed, out=tmp_path / "a.safetensors")
    with pytest.raises(ShuziError, match="in a folder that exists"):
        command(printed, out=tmp_path / "none" / "a.onnx")
    (tmp_path / "labels.csv").write_text("file,label\na.png,1\n")
    with pytest.raises(DataError, match="label at least 8"):
        command(tmp_path, out=tmp_path / "a.onnx")
    with pytest.raises(WeightsError, match="no detector"):
        command(printed, out=tmp_path / "a.onnx", weights=str(FOLDER / "champion.onnx"))
    monkeypatch.setitem(sys.modules, "shuzi.evaluation.adaptation", None)
    with pytest.raises(MissingExtraError, match=r"shuzi\[train\]"):
        command(printed, out=tmp_path / "a.onnx")


def test_corrections_are_learnt_from(tmp_path, few_steps, monkeypatch, capsys):
    monkeypatch.setenv("SHUZI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="no corrections yet"):
        command(Path("corrections"))
    images, labels = shuzi.load_mnist("test")
    for image, label in zip(images[:12], labels[:12], strict=True):
        save_correction(image, int(label), None, "champion")
    command(Path("corrections"), out=tmp_path / "mine.onnx", rounds=1, threads=1)
    assert "held out, 4 pictures" in capsys.readouterr().out
    assert is_detector(tmp_path / "mine.onnx")
