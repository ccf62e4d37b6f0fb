"""Tables of labelled pictures: which columns, which pictures, and who is held out."""

import pytest

from shuzi.data.labelled import Labelled, read_labels, split_off
from shuzi.errors import DataError


@pytest.mark.parametrize(
    "table",
    [
        "file,label\na.png,12\nb.png,3|4 5\n",
        "\ufeffImage;Writer;Text\r\na.png;;1-2\r\nb.png;;$ 3.45\r\nc.png;;none\r\n;;7\r\n",
        'number\tpath\n12\ta.png\n"3\n45"\tb.png\n\n9\n',
    ],
)
def test_columns_by_any_of_their_names(tmp_path, table):
    (tmp_path / "labels.csv").write_bytes(table.encode())
    expected = [Labelled(tmp_path / "a.png", "12"), Labelled(tmp_path / "b.png", "345")]
    assert read_labels(tmp_path) == read_labels(tmp_path / "labels.csv") == expected


def test_pictures_in_folders_named_by_their_digits(tmp_path):
    for name in ("7/1.png", "7/2.png", "12/a.png", "others/b.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    expected = [("12/a.png", "12"), ("7/1.png", "7"), ("7/2.png", "7")]
    assert read_labels(tmp_path) == [Labelled(tmp_path / name, digits) for name, digits in expected]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"name,value\na.png,1\n", "no columns file and label"),
        (b"", "no columns file and label"),
        (b"file,label\na.png,x\n", "labels no picture with digits"),
        (b"file,label\n\xff\xfe,1\n", "UTF-8"),
        (b'file,label\n"' + b"a" * 200_000 + b'",1\n', "can't be read as CSV"),
    ],
)
def test_a_table_that_will_not_do_is_refused(tmp_path, table, words):
    (tmp_path / "mine.csv").write_bytes(table)
    with pytest.raises(DataError, match=words):
        read_labels(tmp_path / "mine.csv")


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"holds no labels\.csv"):
        read_labels(tmp_path)
    with pytest.raises(DataError, match="There is no file"):
        read_labels(tmp_path / "none.csv")


def test_a_share_is_held_out_by_chance(tmp_path):
    pictures = [Labelled(tmp_path / f"{index}.png", "1") for index in range(50)]
    learning, held_out = split_off(pictures, 0.3, seed=1)
    assert len(held_out) == 15
    assert {picture.path for picture in learning + held_out} == {picture.path for picture in pictures}
    assert split_off(pictures, 0.3, seed=1) == (learning, held_out)
    assert split_off(pictures, 0.3, seed=2)[1] != held_out


def test_one_writer_is_on_one_side_only(tmp_path):
    pictures = [Labelled(tmp_path / f"{index}.png", "1", f"w{index % 7}") for index in range(50)]
    for seed in range(5):
        learning, held_out = split_off(pictures, 0.3, seed)
        assert not {picture.group for picture in learning} & {picture.group for picture in held_out}
        assert 10 <= len(held_out) <= 20
    unequal = [Labelled(tmp_path / f"{index}.png", "1", "w" + "b" * (index == 0)) for index in range(50)]
    assert [len(part) for part in split_off(unequal, 0.3)] == [49, 1]
    with pytest.raises(DataError, match="one group"):
        split_off(pictures[::7], 0.3)
