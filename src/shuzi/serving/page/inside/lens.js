// The lens: how the value under the cursor came about, in real numbers that add up.

import { announce, complain } from "../core/announce.js";
import { latest, post } from "../core/api.js";
import { byId, h } from "../core/dom.js";
import { has, onLanguage, say } from "../core/i18n.js";
import { show } from "./atlas.js";
import { calculation } from "./calculation.js";

const asking = latest();
let at = null; // the layer's section that the lens is on
let framed = null; // the section before it, in which the window is framed
let last = null; // what the lens shows, to write it anew in another language

export function startLens() {
  byId("lens-close").addEventListener("click", () => {
    const { canvas } = at.atlas;
    closeLens();
    canvas.focus();
  });
  onLanguage(() => last && render(...last));
}

export function closeLens() {
  asking.stop();
  at?.atlas.leave();
  framed?.atlas.frame(null);
  at = framed = last = null;
  byId("lens").hidden = true;
  byId("lens-empty").hidden = false;
}

/** Ask for the value that a section's cursor is at, and show how it came about. */
export async function lookAt(section, { image, weights, before }) {
  if (at && at !== section) at.atlas.leave();
  at = section;
  const { channel, y, x } = section.atlas.cursor;
  const place = section.atlas.flat ? { unit: y * section.atlas.width + x } : { channel, y, x };
  try {
    const json = { image, layer: section.layer.index, ...place };
    const found = await post("inside/value", { query: { weights }, json, signal: asking.next() });
    render(section, found, before);
    announce("inside.saidValue", { value: show(found.value), where: section.atlas.where });
  } catch (error) {
    complain(error);
  }
}

function render(section, found, before) {
  last = [section, found, before];
  byId("lens-empty").hidden = true;
  byId("lens").hidden = false;
  byId("lens-layer").textContent = section.name();
  byId("lens-where").textContent = section.atlas.where;
  byId("lens-value").textContent = show(found.value);
  const key = `value.${found.text_key}`;
  say(byId("lens-text"), has(key) ? key : has(`value.${found.kind}`) ? `value.${found.kind}` : "value.other");
  byId("lens-body").replaceChildren(...calculation(found).map((part) => h("div", { class: "lens-part" }, part)));
  frameWindow(found, before, section.atlas.cursor);
}

/** Show in the layer before where the window lies, in the map that gives most. */
function frameWindow(found, before, cursor) {
  framed?.atlas.frame(null);
  framed = null;
  if (!found.origin || !before || before.atlas.flat) return;
  const [y, x] = found.origin.slice(-2);
  const terms = found.terms ? [...found.terms].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)) : null;
  const window = terms ? terms[0].window : found.window;
  const channel = terms ? terms[0].channel : found.window ? cursor.channel : found.origin[0];
  framed = before;
  framed.atlas.frame({ channel, y, x, height: window?.length ?? 1, width: window?.[0].length ?? 1 });
}
