import contextlib
import gzip
import os
import pickle
import struct
import sys
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzi.data.pickled import load_arrays, read_pickle
from shuzi.errors import DataError

IMAGES = (np.arange(6 * 784) % 256).astype(np.uint8).reshape(6, 784)
LABELS = np.array([5, 0, 4, 1, 9, 2])
# As the original file scales: by 256, not 255.
PAIRS = tuple(
    (IMAGES[part].astype(np.float32) / 256, LABELS[part]) for part in (slice(0, 3), slice(3, 5), slice(5, 6))
)


def python2_array(array):
    """``array`` as Python 2's cPickle wrote it under protocol 2: its content is a string."""
    content = array.tobytes()
    return (
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85U\x01bt"
        b"Rq\x04(K\x01" + pickle.dumps(array.shape, 2)[2:-1] + b"cnumpy\ndtype\n(U\x02"
        b""
        + array.dtype.str[1:].encode()
        + b"K\0K\x01tR(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"
        b"\x89T" + struct.pack("<I", len(content)) + content + b"tb"
    )


def python2_pickle():
    pairs = (b"(" + b"".join(python2_array(array) for array in pair) + b"t" for pair in PAIRS)
    return b"\x80\x02(" + b"".join(pairs) + b"t."


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("packed", [True, False])
def test_three_pairs_are_read(tmp_path, protocol, packed):
    path = tmp_path / "mnist.pkl.gz"
    content = pickle.dumps(PAIRS, protocol)
    path.write_bytes(gzip.compress(content) if packed else content)
    parts = read_pickle(path)
    assert list(parts) == ["fit", "validation", "test"]
    assert np.array_equal(np.concatenate([part.images.reshape(-1, 784) for part in parts.values()]), IMAGES)
    assert np.concatenate([part.labels for part in parts.values()]).tolist() == LABELS.tolist()


def test_python_2_wrote_the_original(tmp_path):
    path = tmp_path / "mnist.pkl.gz"
    path.write_bytes(gzip.compress(python2_pickle()))
    parts = read_pickle(path)
    assert np.array_equal(parts["fit"].images.reshape(-1, 784), IMAGES[:3])
    assert parts["test"].labels.tolist() == [2]
    # The hand-made bytes are what pickle itself understands.
    assert np.array_equal(pickle.loads(python2_pickle(), encoding="latin1")[0][0], PAIRS[0][0])


@pytest.mark.parametrize("core", [b"numpy.core", b"numpy._core"])
@pytest.mark.parametrize("protocol", [2, 5])
def test_both_names_of_numpys_core(core, protocol):
    content = pickle.dumps([LABELS], protocol, fix_imports=False)
    # Only protocol 0 to 3 name modules by lines, whose length isn't counted.
    if protocol == 2:
        content = content.replace(b"numpy._core", core).replace(b"numpy.core", core)
    assert np.array_equal(load_arrays(content)[0], LABELS)


def test_other_orders_of_bytes_and_dimensions():
    swapped, fortran = LABELS.astype(">i8"), np.asfortranarray(IMAGES)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        loaded = load_arrays(pickle.dumps([swapped, fortran], protocol))
        assert np.array_equal(loaded[0], LABELS)
        assert np.array_equal(loaded[1], IMAGES)


class Call:
    """Pickles as a call of ``function`` on ``arguments``."""

    def __init__(self, function, *arguments, state=None):
        self.result = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self):
        return self.result


def marker_code(path):
    return f"open({str(path)!r}, 'w').close()"


def malicious(path):
    """Objects whose ordinary unpickling would create the file ``path``, or worse."""
    code = marker_code(path)
    save = Call(np.save, str(path), Call(np.zeros, 3))
    return {
        "os.system": Call(os.system, f"touch {path}"),
        "eval": Call(eval, code),
        "exec": Call(exec, code),
        "open": Call(open, str(path), "w"),
        "import": Call(__import__, "antigravity"),
        "getattr": Call(getattr, Call(__import__, "os"), "sep"),
        "numpy function": save,
        "numpy function in a tuple with arrays": (LABELS, save),
        "numpy load": Call(np.load, str(path), "r+", True),
        "memmap": Call(np.memmap, str(path), "u1", "w+", 0, (3,)),
        "numpy frompyfunc": Call(np.frompyfunc, Call(eval, code), 1, 1),
        "reconstruct of a subclass": Call(
            sys.modules[np.ndarray.__reduce__(LABELS)[0].__module__]._reconstruct, np.memmap, (0,), b"b"
        ),
        "array called": Call(np.ndarray, (3,)),
        "object array": np.array([Call(eval, code)], dtype=object),
        "object array of pairs": np.array([LABELS, Call(open, str(path), "w")], dtype=object),
        "state of an object": Call(types.SimpleNamespace, state={"x": Call(eval, code)}),
        "dict": {"x": Call(eval, code)},
        "codecs": Call(__import__("codecs").encode, "x", Call(eval, repr("rot13"))),
        "codecs decode": Call(__import__("codecs").decode, b"x", "hex"),
    }


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", malicious("unused"))
def test_malicious_pickles_are_refused_and_run_nothing(tmp_path, kind, protocol):
    marker = tmp_path / "ran"
    bad = malicious(marker)[kind]
    path = tmp_path / "mnist.pkl.gz"
    for content in ((bad, bad, bad), [PAIRS[0], PAIRS[1], (PAIRS[2][0], bad)], bad):
        path.write_bytes(gzip.compress(pickle.dumps(content, protocol)))
        with pytest.raises(DataError, match="is refused"):
            read_pickle(path)
    assert not marker.exists()


@pytest.mark.parametrize(
    ("kind", "made"),
    [("os.system", "ran"), ("eval", "ran"), ("numpy function", "ran.npy"), ("object array", "ran")],
)
def test_the_malicious_pickles_are_malicious(tmp_path, kind, made):
    pickle.loads(pickle.dumps(malicious(tmp_path / "ran")[kind]))
    assert (tmp_path / made).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b".",
        b"N.",
        b"\x80\x05N.",
        b"cos\nsystem\n(S'true'\ntR.",
        b"(S'true'\nios\nsystem\n.",  # INST
        b"(cos\nsystem\nS'true'\no.",  # OBJ
        b"Ptoken\n.",  # a persistent id
        b"\x82\x01.",  # an extension
        b"\x80\x02cnumpy\ndtype\n(S'O8'\nK\0K\x01tR.",
        b"cnumpy\ndtype\n}S'x'\nK\x01sb.",  # attributes of the stand-in
        b"cnumpy\ndtype\n(N(lS'x'\natb.",
        b"Nr\xff\xff\xff\x7f.",  # a memo of 16 GB
        b"Np2147483647\n.",
        b"\x96" + struct.pack("<Q", 1 << 40) + b".",  # a terabyte of zeros
        b"\x8e" + struct.pack("<Q", 1 << 40) + b".",
        b"T\xff\xff\xff\x7f.",
        b"\x95" + struct.pack("<Q", 1 << 62) + b"N.",
        b"I" + b"9" * 100_000 + b"\n.",
        b"(" * 20_000 + b".",
        b"]" + b"2a" * 6_000 + b".",
        b"cnumpy.core.multiarray\n_reconstruct\n)R(K\x01(I-1\ntcnumpy\ndtype\n(S'u1'\ntRI00\nS''\ntb.",
        b"cnumpy.core.multiarray\n_reconstruct\n)R.",
        b"cnumpy.core.multiarray\n_reconstruct\n.",
        b"(cnumpy.core.multiarray\n_reconstruct\n)Rcnumpy.core.multiarray\n_reconstruct\n)Rt.",
        pickle.dumps(PAIRS)[:-20],
        pickle.dumps(np.zeros(3, complex)),
        pickle.dumps([np.zeros(3, "U1")]),
        pickle.dumps([np.zeros(3, "f4,i4")]),
        pickle.dumps([np.zeros(3, "M8[s]")]),
        pickle.dumps([np.float64(1)]),
        pickle.dumps([[[[LABELS]]]]),
        pickle.dumps([1, 2]),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_odd_programs_are_refused(content):
    with pytest.raises(DataError, match="is refused"):
        load_arrays(content)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (PAIRS[:2], "three pairs"),
        ([*PAIRS, LABELS], "is refused|three pairs"),
        ([LABELS, LABELS, LABELS], "three pairs"),
        ([PAIRS[0], PAIRS[1], (PAIRS[2], LABELS)], "arrays of pictures and of labels"),
        ([PAIRS[0], PAIRS[1], (PAIRS[2][0], LABELS)], "1 pictures but labels of shape"),
        ([PAIRS[0], PAIRS[1], (PAIRS[2][0] + 300, PAIRS[2][1])], "pixels from"),
    ],
)
def test_other_contents_are_named(tmp_path, pairs, message):
    path = tmp_path / "mnist.pkl"
    path.write_bytes(pickle.dumps(pairs))
    with pytest.raises(DataError, match=message):
        read_pickle(path)


def test_a_frame_that_ends_within_an_instruction_is_refused():
    """Python's unpickler had a MemoryError or SystemError for some of these."""
    content = bytearray(pickle.dumps([(LABELS[:2], LABELS[:3])], 5))
    whole, read = content[3], 0
    for length in range(256):
        content[3] = length
        with contextlib.suppress(DataError):
            read += isinstance(load_arrays(bytes(content)), list)
    assert 1 <= read < whole / 2  # the right one, and others that end between two


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=80) | st.binary(max_size=60).map(lambda tail: b"\x80\x04(" + tail + b"."))
def test_random_programs_are_refused(content):
    with contextlib.suppress(DataError):
        assert isinstance(load_arrays(content), tuple | list)


@settings(deadline=None)  # the machine may be busy
@given(st.sampled_from(range(6)), st.data())
def test_changed_programs_give_arrays_or_are_refused(protocol, data):
    content = bytearray(pickle.dumps([(LABELS[:2], LABELS[:3])], protocol))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DataError):
        assert isinstance(load_arrays(bytes(content)), tuple | list)
