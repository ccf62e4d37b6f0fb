// Writing without a pointer: arrow keys move the pen, Space lowers and lifts it, Escape hides it.

import { announce } from "../core/announce.js";
import { HEIGHT } from "./ink.js";

const STEP = 10;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function startKeys(pad) {
  let pen = null;
  let down = false;

  const lift = () => {
    if (down) pad.end();
    down = false;
  };

  pad.canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? 3 * STEP : STEP;
      const [x, y] = pen ?? [pad.width / 2, HEIGHT / 2];
      pen = [clamp(x + step * arrow[0], pad.width), clamp(y + step * arrow[1], HEIGHT)];
      if (down) pad.extend(pen);
      pad.pointAt(pen);
    } else if (event.key === " ") {
      pen ??= [pad.width / 2, HEIGHT / 2];
      if (down) lift();
      else {
        pad.begin(pen);
        down = true;
      }
      pad.pointAt(pen);
      announce(down ? "write.penDown" : "write.penUp");
    } else if (event.key === "Escape" && pen) {
      lift();
      pen = null;
      pad.pointAt(null);
    } else return;
    event.preventDefault();
  });
  pad.canvas.addEventListener("blur", () => {
    lift();
    pad.pointAt(null);
  });
}

const clamp = (value, most) => Math.min(most - 5, Math.max(5, value));
