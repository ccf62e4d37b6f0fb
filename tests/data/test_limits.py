import gzip

import pytest

from shuzi.data.limits import read_limited
from shuzi.errors import DataError


def test_raw_and_gzip_give_the_same(tmp_path):
    raw, packed = tmp_path / "raw", tmp_path / "packed"
    raw.write_bytes(b"digits" * 100)
    packed.write_bytes(gzip.compress(b"digits" * 100))
    assert read_limited(raw, 600) == read_limited(packed, 600) == b"digits" * 100


@pytest.mark.parametrize("content", [bytes(1000), gzip.compress(bytes(10_000_000))], ids=["raw", "bomb"])
def test_too_long(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"more than 999 bytes"):
        read_limited(path, 999)


def test_cut_and_damaged_gzip(tmp_path):
    path = tmp_path / "file.gz"
    packed = gzip.compress(b"digits" * 100)
    path.write_bytes(packed[:-9])
    with pytest.raises(DataError, match="cut short"):
        read_limited(path)
    path.write_bytes(packed[:12] + bytes(8) + packed[20:])
    with pytest.raises(DataError, match="damaged"):
        read_limited(path)


def test_no_file_and_no_plain_file(tmp_path):
    with pytest.raises(DataError, match="There is no file"):
        read_limited(tmp_path / "missing")
    with pytest.raises(DataError, match="is not a file"):
        read_limited(tmp_path)
