// The sheet to write on: pointer, pen, finger or keys -> strokes, with undo and redo.
// Coordinates are units of which the sheet's height has 400, so that strokes outlive a change of its size.

import { onTheme, token } from "../core/settings.js";
import { drawStrokes, HEIGHT, inkBox, inkPng } from "./ink.js";
import { startKeys } from "./pad-keys.js";

/** @fires change after each finished stroke, undo, redo and clear; @fires history */
export class Pad extends EventTarget {
  strokes = [];
  strokeWidth = 18;
  width = HEIGHT; // in units; known once the sheet is shown
  #past = [];
  #future = [];
  #stroke = null; // being written
  #pointer = null;
  #cursor = null; // where the keyboard's pen is

  constructor(canvas) {
    super();
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#up(event));
    startKeys(this);
    new ResizeObserver(() => this.#resize()).observe(canvas);
    onTheme(() => this.paint());
  }

  get empty() {
    return this.strokes.length === 0;
  }
  get canUndo() {
    return this.#past.length > 0;
  }
  get canRedo() {
    return this.#future.length > 0;
  }

  /** What is written, as a picture to be read; as it is now. */
  png() {
    return inkPng(this.strokes, this.width);
  }

  /** Begin, lengthen and end a stroke at a place in units; the keyboard and the samples write so too. */
  begin(point) {
    this.#stroke = { width: this.strokeWidth, points: [point] };
    this.paint();
  }
  extend(...points) {
    this.#stroke.points.push(...points);
    this.paint();
  }
  end() {
    const stroke = this.#stroke;
    this.#stroke = null;
    this.#become([...this.strokes, stroke]);
  }

  clear() {
    if (!this.empty) this.#become([]);
  }
  undo() {
    if (!this.canUndo) return;
    this.#future.push(this.strokes);
    this.#show(this.#past.pop());
  }
  redo() {
    if (!this.canRedo) return;
    this.#past.push(this.strokes);
    this.#show(this.#future.pop());
  }

  /** Show the keyboard's pen at a place, or nowhere. */
  pointAt(cursor) {
    this.#cursor = cursor;
    this.paint();
  }

  paint() {
    const { canvas, context } = this;
    const scale = canvas.height / HEIGHT;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    drawStrokes(context, this.#stroke ? [...this.strokes, this.#stroke] : this.strokes, token("ink"));
    if (this.#cursor) {
      const [x, y] = this.#cursor;
      context.strokeStyle = token("seal");
      context.lineWidth = 2;
      context.beginPath();
      context.arc(x, y, this.strokeWidth / 2 + 3, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  #become(strokes) {
    this.#past.push(this.strokes);
    this.#future = [];
    this.#show(strokes);
  }

  #show(strokes) {
    this.strokes = strokes;
    this.paint();
    this.dispatchEvent(new Event("change"));
  }

  #down(event) {
    // One pointer writes; a palm or a second finger that comes meanwhile doesn't.
    if (this.#pointer !== null || event.button !== 0) return;
    this.#pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.begin(this.#place(event));
    this.pointAt(null);
  }

  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    this.extend(...(passed.length ? passed : [event]).map((one) => this.#place(one)));
  }

  #up(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.end();
  }

  #place(event) {
    const box = this.canvas.getBoundingClientRect();
    const unit = HEIGHT / box.height;
    return [(event.clientX - box.left) * unit, (event.clientY - box.top) * unit];
  }

  #resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth) return; // its room is hidden
    this.canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.width = (HEIGHT * clientWidth) / clientHeight;
    const [, , right] = inkBox(this.strokes);
    if (right > this.width) this.#shrink(this.width / right);
    this.paint();
  }

  /** A sheet that became narrower keeps all of its ink. */
  #shrink(factor) {
    this.strokes = this.strokes.map(({ width, points }) => ({
      width: width * factor,
      points: points.map(([x, y]) => [x * factor, y * factor]),
    }));
  }
}
