import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from shuzi.reading.components import find_components, join

masks = arrays.arrays(
    np.bool_, arrays.array_shapes(min_dims=2, max_dims=2, max_side=14), elements=st.booleans()
)


def flooded(mask):
    """The components, slowly and simply: sets of (row, column), from the top left."""
    left, found = {(int(y), int(x)) for y, x in np.argwhere(mask)}, []
    while left:
        waiting, component = [min(left)], set()
        while waiting:
            y, x = waiting.pop()
            if (y, x) in left:
                left.remove((y, x))
                component.add((y, x))
                waiting += [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        found.append(component)
    return found


@given(masks)
def test_components_are_those_of_a_flood_fill(mask):
    components = find_components(mask)
    expected = flooded(mask)
    assert len(components) == len(expected)
    whole = (0, 0, mask.shape[1], mask.shape[0])
    for i, pixels in enumerate(expected):
        mine = components.mask(np.arange(len(components)) == i, whole)
        assert {(int(y), int(x)) for y, x in np.argwhere(mine)} == pixels
        rows, columns = zip(*pixels, strict=True)
        box = (min(columns), min(rows), max(columns) + 1, max(rows) + 1)
        assert tuple(components.boxes[i]) == box
        assert components.areas[i] == len(pixels)


@given(masks, st.integers(0, 5), st.integers(0, 5))
def test_a_mask_within_a_box_is_a_part_of_the_whole(mask, left, top):
    components = find_components(mask)
    right, bottom = max(left + 1, mask.shape[1] - 1), max(top + 1, mask.shape[0] - 1)
    everything = np.ones(len(components), np.bool_)
    part = components.mask(everything, (left, top, right, bottom))
    assert part.shape == (bottom - top, right - left)
    expected = np.zeros_like(part)
    inside = mask[top:bottom, left:right]
    expected[: inside.shape[0], : inside.shape[1]] = inside
    np.testing.assert_array_equal(part, expected)


@given(masks, st.integers(0, 2**32 - 1))
def test_peaks_and_means(mask, seed):
    level = np.random.default_rng(seed).random(mask.shape, np.float32)
    components = find_components(mask)
    peaks, means = components.peaks(level), components.means(level)
    for i, pixels in enumerate(flooded(mask)):
        values = [float(level[pixel]) for pixel in pixels]
        assert peaks[i] == max(values)
        assert abs(means[i] - np.mean(values)) < 1e-5


def test_join_names_each_group_by_its_smallest_member():
    pairs = np.array([[5, 1], [1, 3], [4, 2]])
    np.testing.assert_array_equal(join(6, pairs[:, 0], pairs[:, 1]), [0, 1, 2, 1, 2, 1])
    none = np.empty(0, np.int64)
    np.testing.assert_array_equal(join(3, none, none), [0, 1, 2])


def test_a_large_mask_of_noise_takes_no_time():
    mask = np.random.default_rng(0).random((1400, 1400)) < 0.5
    components = find_components(mask)
    assert int(components.areas.sum()) == int(mask.sum())
