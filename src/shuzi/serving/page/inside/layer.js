// One layer: its name, what it does in a sentence, its maps with their colours explained, its weights.

import { complain } from "../core/announce.js";
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { has, say, t } from "../core/i18n.js";
import { legend } from "../core/scale.js";
import { Atlas } from "./atlas.js";
import { showKernels } from "./kernels.js";
import { lookAt } from "./lens.js";

const FIRST = 16; // maps shown before somebody asks for all

/** `shown` = { image, weights, before: the section of the layer before }. Returns { element, atlas, layer, name }. */
export function layerSection(layer, number, shown) {
  const values = decode(layer.maps);
  const [channels, height, width] = layer.shape.length === 3 ? layer.shape : [1, 1, layer.shape[0]];
  const atlas = new Atlas(values, layer);
  const section = { atlas, layer, name: () => t(named(layer), { n: number }), element: null };
  atlas.addEventListener("point", () => lookAt(section, shown));

  const title = h("h3", {}, h("span", { class: "layer-number" }, String(layer.index)));
  title.append(say(h("span", {}), named(layer), { n: number }));
  const size = h("span", { class: "soft" });
  if (layer.shape.length === 1) say(size, "inside.units", { n: width });
  else say(size, channels === 1 ? "inside.map" : "inside.maps", { n: channels, height, width });
  title.append(size);

  section.element = h("section", { class: "layer" }, title, say(h("p", {}), explained(layer)), atlas.element);
  section.element.append(h("div", { class: "layer-foot" }, legend(layer.min, layer.max), more(atlas, channels), weights(layer, shown)));
  return section;
}

const named = (layer) => (has(`layer.${layer.explain_key}`) ? `layer.${layer.explain_key}` : `layer.${layer.kind}`);
const explained = (layer) =>
  has(`explain.${layer.explain_key}`) ? `explain.${layer.explain_key}` : `explain.${layer.kind}`;

function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function more(atlas, channels) {
  atlas.show(Math.min(channels, FIRST));
  if (channels <= FIRST) return null;
  const button = h("button", { type: "button", class: "quiet" });
  say(button, "inside.showAll", { n: channels });
  button.addEventListener("click", () => {
    const all = atlas.shown < channels;
    atlas.show(all ? channels : FIRST);
    say(button, all ? "inside.showFewer" : "inside.showAll", { n: all ? FIRST : channels });
  });
  return button;
}

/** Kernels of a convolution, or the weights of a linear layer on the picture as pictures, when asked for. */
function weights(layer, shown) {
  const onPicture = layer.kind === "linear" && shown.before && sizeOf(shown.before.layer) === 784;
  if (layer.kind !== "conv" && !onPicture) return null;
  const button = h("button", { type: "button", class: "quiet", "aria-expanded": "false" });
  const panel = h("div", { class: "kernels", hidden: true });
  say(button, layer.kind === "conv" ? "inside.kernels" : "inside.pictures");
  button.addEventListener("click", async () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    if (panel.hidden || panel.hasChildNodes()) return;
    try {
      const query = { weights: shown.weights, layer: layer.index };
      showKernels(panel, await get("inside/weights", { query }));
    } catch (error) {
      complain(error);
    }
  });
  return h("div", { class: "weights" }, button, panel);
}

const sizeOf = (layer) => layer.shape.reduce((product, side) => product * side, 1);
