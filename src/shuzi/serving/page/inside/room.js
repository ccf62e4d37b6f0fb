// Room 3: what the chosen net does to a digit, layer by layer, with every number open to a look.

import { complain } from "../core/announce.js";
import { latest, post } from "../core/api.js";
import { paintDigit } from "../core/digit.js";
import { byId, h } from "../core/dom.js";
import { say } from "../core/i18n.js";
import { setState, state, watch } from "../core/state.js";
import { onEnter, room } from "../core/tabs.js";
import { HEIGHT, inkPng } from "../write/ink.js";
import { sampleStrokes } from "../write/samples.js";
import { startFilter } from "./filter.js";
import { layerSection } from "./layer.js";
import { closeLens, startLens } from "./lens.js";
import { showMattered } from "./mattered.js";
import { showSoftmax } from "./softmax.js";

const looking = latest();
let shown = null; // the digit and net that the room shows

export function startInside() {
  startLens();
  startFilter();
  byId("inside-samples").append(
    ...Array.from({ length: 10 }, (_, value) => {
      const button = h("button", { type: "button", class: "chip", on: { click: () => writeSample(value) } }, String(value));
      return say(button, "inside.sample", { digit: String(value) }, "label");
    }),
  );
  onEnter("inside", look);
  for (const name of ["digit", "weights"]) watch(name, () => room() === "inside" && look());
}

/** A sample goes the way of a written digit: ink on a sheet, found and framed by the reader. */
async function writeSample(value) {
  try {
    const body = await inkPng(sampleStrokes(value, HEIGHT, HEIGHT, 26), HEIGHT);
    const { predictions } = await post("classify", { query: { framing: "frame" }, body, type: "image/png" });
    setState("digit", { image: predictions[0].image, value, from: "sample" });
  } catch (error) {
    complain(error);
  }
}

async function look() {
  const digit = state("digit");
  if (!digit) {
    await writeSample(5);
    return;
  }
  const weights = state("weights");
  if (shown?.image === digit.image && shown.weights === weights) return;
  const signal = looking.next();
  byId("layers").setAttribute("aria-busy", "true");
  try {
    const query = { weights };
    const json = { image: digit.image };
    const inside = await post("inside", { query, json, signal });
    shown = { image: digit.image, weights };
    closeLens();
    paintDigit(byId("inside-digit"), digit.image);
    say(byId("inside-digit"), "inside.digitAlt", { digit: String(digit.value) }, "label");
    say(byId("inside-from"), digit.from === "pad" ? "inside.fromPad" : "inside.fromSample");
    showLayers(inside, digit.image);
    showSoftmax(inside);
    showMattered(digit.image, weights, signal);
  } catch (error) {
    complain(error);
  } finally {
    if (!signal.aborted) byId("layers").removeAttribute("aria-busy");
  }
}

function showLayers({ layers, weights }, image) {
  const counts = {};
  let before = null;
  const sections = layers.map((layer) => {
    counts[layer.kind] = (counts[layer.kind] ?? 0) + 1;
    before = layerSection(layer, counts[layer.kind], { image, weights: weights ?? state("weights"), before });
    return before;
  });
  byId("layers").replaceChildren(...sections.map(({ element }) => element));
}
