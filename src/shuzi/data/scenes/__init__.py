"""Pictures of handwritten numbers, drawn by program, to learn reading from.

`draw_scenes` gives pictures with the box and value of every digit in them. What is written comes from
`stock` (pen strokes, MNIST's digits, fonts), `writing` turns it into ink, `text` and `layout` say what stands
where, `paper` lays it on paper, `camera` photographs it.
"""

from shuzi.data.scenes.draw import Scenes, draw_scenes
from shuzi.data.scenes.stock import Stock, load_stock

__all__ = ["Scenes", "Stock", "draw_scenes", "load_stock"]
