"""Calls beside others: they have begun when `beside` returns, hand on what goes wrong, and survive a fork."""

import multiprocessing
import threading

import pytest

from shuzi.beside import beside


def test_a_call_goes_on_beside_its_caller():
    begun, go_on = threading.Event(), threading.Event()

    def call() -> int:
        begun.set()
        assert go_on.wait(10)
        return threading.get_ident()

    result = beside(call)
    assert begun.wait(10)
    go_on.set()
    assert result() != threading.get_ident()


def test_what_goes_wrong_in_a_call_is_raised_where_its_result_is_wanted():
    def call() -> None:
        raise KeyError("lost")

    result = beside(call)
    with pytest.raises(KeyError, match="lost"):
        result()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system can't fork")
def test_a_forked_process_has_threads_of_its_own():
    beside(int)()
    context = multiprocessing.get_context("fork")
    ends, other = context.Pipe()
    child = context.Process(target=lambda: other.send(beside(lambda: 7)()))
    child.start()
    assert ends.poll(20)
    assert ends.recv() == 7
    child.join()
