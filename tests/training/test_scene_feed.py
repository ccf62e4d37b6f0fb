"""The process that draws scenes ends with the training that it draws for, even if that is killed."""

import signal
import subprocess
import sys

import pytest

TRAINING = """
import multiprocessing, time
from concurrent.futures import ProcessPoolExecutor
from shuzi.training.scene_feed import end_with_parent

if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=end_with_parent) as drawer:
        print(drawer.submit(abs, -2).result(), flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_the_drawer_ends_when_the_training_is_killed(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(TRAINING)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as training:
        assert training.stdout.readline() == "2\n"
        training.send_signal(signal.SIGKILL)
        training.communicate(timeout=20)  # its output ends when nobody is left to write
