"""Drawings of nets are well-formed SVG that says what the layer table says."""

from xml.etree import ElementTree

import pytest

from shuzi.nets import build
from shuzi.nets.diagram import draw, steps
from shuzi.nets.summary import summarise
from shuzi.training.recipe import load_recipe, recipe_names

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_is_drawn_within_its_paper(name):
    recipe = load_recipe(name)
    summary = summarise(build(recipe.net))
    root = ElementTree.fromstring(draw(summary, recipe.title))
    width, height = float(root.get("width")), float(root.get("height"))
    assert width <= 1320
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts[0] == recipe.title
    assert f"{summary.parameters:,} parameters" in texts[1]
    for step in steps(summary):
        assert set(step.words) <= set(texts)
    for group in root.iter(f"{SVG}g"):
        x, y = map(float, group.get("transform").removeprefix("translate(").rstrip(")").split())
        assert 0 < x < width
        assert 0 < y < height


def test_small_layers_go_with_their_neighbours():
    summary = summarise(build({"kind": "lenet"}))
    assert [(step.words, step.shape) for step in steps(summary)] == [
        (["conv 5x5"], (20, 24, 24)),
        (["max pool 2x2", "tanh"], (20, 12, 12)),
        (["conv 5x5"], (50, 8, 8)),
        (["max pool 2x2", "tanh"], (50, 4, 4)),
        (["flatten", "linear", "tanh"], (500,)),
        (["linear"], (10,)),
    ]
    assert [step.parameters for step in steps(summary)] == [520, 0, 25_050, 0, 400_500, 5_010]


def test_titles_are_text():
    evil = "<script>&\"'"
    root = ElementTree.fromstring(draw(summarise(build({"kind": "linear"})), evil))
    assert root.find(f"{SVG}text").text == evil


def test_the_ten_outputs_bear_their_digits():
    root = ElementTree.fromstring(draw(summarise(build({"kind": "linear"})), "net"))
    assert [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "digit"] == list(
        "0123456789"
    )
    root = ElementTree.fromstring(draw(summarise(build({"kind": "linear", "outputs": 1})), "net"))
    assert not [text for text in root.iter(f"{SVG}text") if text.get("class") == "digit"]


def test_branches_begin_with_the_picture_each_and_like_ones_are_drawn_once():
    drawing = draw(summarise(build(load_recipe("record").net)), "record")
    assert drawing.count(">1 x 28 x 28<") == 2
    assert drawing.count(">2 of these<") == 1
    assert "the mean of 3 branches" in drawing
