// All maps of a layer on one canvas, with a cursor: pointer or arrow keys choose the value to look at.
// A row of units is one map of at most 28 columns.

import { h } from "../core/dom.js";
import { figure, onLanguage, say, t } from "../core/i18n.js";
import { colourScale } from "../core/scale.js";
import { onTheme, token } from "../core/settings.js";

const GAP = 6;

/** @fires point when the cursor is at another value: `cursor` = { channel, y, x } or { unit, y, x } */
export class Atlas extends EventTarget {
  cursor = null;
  shown = 0; // maps
  #frame = null; // { channel, y, x, height, width } of a window that a later layer looks at
  #asked = 0;

  constructor(values, layer) {
    super();
    this.values = values;
    this.layer = layer;
    this.flat = layer.shape.length === 1;
    const [c, height, width] = this.flat ? [1, Math.ceil(layer.shape[0] / 28), Math.min(28, layer.shape[0])] : layer.shape;
    Object.assign(this, { channels: c, height, width });
    this.canvas = h("canvas", { class: "atlas-canvas", tabindex: 0, role: "application" });
    say(this.canvas, "inside.atlas", { n: layer.index }, "label");
    this.element = h("div", { class: "atlas" }, this.canvas);
    this.canvas.setAttribute("aria-describedby", "atlas-help");
    this.canvas.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.#pointed(event, 80));
    this.canvas.addEventListener("click", (event) => this.#pointed(event, 0));
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.paint()).observe(this.element);
    live.add(new WeakRef(this));
  }

  /** How many maps to show, from the first. */
  show(count) {
    this.shown = count;
    this.paint();
  }

  value({ channel, y, x }) {
    return this.values[(channel * this.height + y) * this.width + x];
  }

  /** Frame a window that another layer's value is computed from; null for none. */
  frame(window) {
    this.#frame = window;
    this.paint();
  }

  leave() {
    this.cursor = null;
    this.paint();
  }

  paint() {
    const room = this.element.clientWidth;
    if (!room) return;
    this.#layOut(room);
    const { canvas, scale, columns } = this;
    canvas.width = Math.min(columns, this.shown) * (this.width * scale + GAP) - GAP + 4;
    canvas.height = Math.ceil(this.shown / columns) * (this.height * scale + GAP) - GAP + 4;
    const context = canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    const colour = colourScale(this.layer.min, this.layer.max);
    for (let channel = 0; channel < this.shown; channel++) {
      const [left, top] = this.#corner(channel);
      context.drawImage(this.#picture(channel, colour), left, top, this.width * scale, this.height * scale);
    }
    if (this.#frame) this.#outline(context, this.#frame, token("ink"));
    if (this.cursor) this.#outline(context, { ...this.cursor, height: 1, width: 1 }, token("seal"));
  }

  #layOut(room) {
    // Eight maps in a row where there is room, else four; a single one may be larger.
    const beside = this.flat || this.channels === 1 ? 1 : Math.min(this.channels, room > 560 ? 8 : 4);
    const most = this.flat ? 28 * 16 : this.channels === 1 ? 196 : 112;
    const wide = Math.min(most, (room - 4 - GAP * (beside - 1)) / beside);
    this.scale = Math.max(1, Math.min(this.flat ? 16 : 40, Math.floor(wide / this.width)));
    this.columns = beside;
  }

  #corner(channel) {
    return [
      2 + (channel % this.columns) * (this.width * this.scale + GAP),
      2 + Math.floor(channel / this.columns) * (this.height * this.scale + GAP),
    ];
  }

  #picture(channel, colour) {
    const canvas = document.createElement("canvas");
    canvas.width = this.width;
    canvas.height = this.height;
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(this.width, this.height);
    const size = this.width * this.height;
    for (let i = 0; i < size; i++) {
      const value = this.values[channel * size + i];
      if (value === undefined) continue; // the last row of units may be short
      pixels.data.set([...colour(value), 255], 4 * i);
    }
    context.putImageData(pixels, 0, 0);
    return canvas;
  }

  #outline(context, { channel, y, x, height, width }, colour) {
    if (channel >= this.shown) return;
    const [left, top] = this.#corner(channel);
    const s = this.scale;
    for (const [style, line] of [[token("sheet"), 4], [colour, 2]]) {
      context.strokeStyle = style;
      context.lineWidth = line;
      context.strokeRect(left + x * s, top + y * s, width * s, height * s);
    }
  }

  #pointed(event, delay) {
    const box = this.canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left - 2, event.clientY - box.top - 2];
    const column = Math.floor(px / (this.width * this.scale + GAP));
    const row = Math.floor(py / (this.height * this.scale + GAP));
    const x = Math.floor((px - column * (this.width * this.scale + GAP)) / this.scale);
    const y = Math.floor((py - row * (this.height * this.scale + GAP)) / this.scale);
    this.#go({ channel: row * this.columns + column, y, x }, delay);
  }

  #key(event) {
    const at = this.cursor ?? { channel: 0, y: Math.floor(this.height / 2) - 1, x: Math.floor(this.width / 2) - 1 };
    const moves = {
      ArrowLeft: { x: at.x - 1 },
      ArrowRight: { x: at.x + 1 },
      ArrowUp: { y: at.y - 1 },
      ArrowDown: { y: at.y + 1 },
      PageDown: { channel: at.channel + 1 },
      PageUp: { channel: at.channel - 1 },
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    this.#go({ ...at, ...moves[event.key] }, 0);
  }

  #go(at, delay) {
    const { channel, y, x } = at;
    if (channel < 0 || channel >= this.shown || y < 0 || y >= this.height || x < 0 || x >= this.width) return;
    if (this.value(at) === undefined) return;
    const { cursor } = this;
    if (delay && cursor?.channel === channel && cursor.y === y && cursor.x === x) return;
    this.cursor = at;
    this.paint();
    clearTimeout(this.#asked);
    this.#asked = setTimeout(() => this.dispatchEvent(new Event("point")), delay);
  }

  /** The place of the cursor in words. */
  get where() {
    const { channel, y, x } = this.cursor;
    return this.flat ? t("inside.unitAt", { n: y * this.width + x }) : t("inside.pixelAt", { channel, y, x });
  }
}

export const show = (value) => (value === null || !Number.isFinite(value) ? "–" : figure(value, 3));

const live = new Set();
const repaint = () => {
  for (const ref of live) {
    const atlas = ref.deref();
    if (atlas?.element.isConnected) atlas.paint();
    else if (!atlas) live.delete(ref);
  }
};
onTheme(repaint);
onLanguage(repaint);
