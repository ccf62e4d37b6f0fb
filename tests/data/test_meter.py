import io
import sys

from shuzi.data.meter import meter


class Terminal(io.StringIO):
    def isatty(self):
        return True


def draw():
    with meter() as report:
        for done in range(0, 2001, 500):
            report("train-images from a mirror", done, 2000)
        report("npm pack", 0, 0)


def test_a_terminal_shows_a_bar_on_standard_error(monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    draw()
    assert "train-images from a mirror" in terminal.getvalue()
    assert "2.0/2.0 kB" in terminal.getvalue()
    assert "npm pack" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_elsewhere_nothing_is_drawn(capsys):
    draw()
    assert capsys.readouterr() == ("", "")
