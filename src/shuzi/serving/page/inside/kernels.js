// A layer's weights as pictures: what each kernel looks for.

import { h } from "../core/dom.js";
import { say } from "../core/i18n.js";
import { legend } from "../core/scale.js";
import { picture } from "./calculation.js";

const MOST = 64; // pictures shown: a convolution from 64 to 64 channels has 4,096

/** `kernels`: [out][in][height][width] of a convolution, or [out][28][28] of a linear layer on the picture. */
export function showKernels(panel, { kernels }) {
  const ofPicture = !Array.isArray(kernels[0][0][0]);
  const each = ofPicture
    ? kernels.map((one, n) => [one, "inside.ofUnit", { n }])
    : kernels.flatMap((one, n) => one.map((kernel, channel) => [kernel, "inside.ofChannel", { n, channel }]));
  const reach = each.reduce((most, [one]) => Math.max(most, ...one.flat().map(Math.abs)), 0);
  const pictures = each.slice(0, MOST).map((one) => picture(...one, reach));
  const total = each.length;
  panel.replaceChildren(
    say(h("p", {}), ofPicture ? "inside.picturesText" : "inside.kernelsText", { n: pictures.length, total }),
    h("div", { class: "pictures small" }, pictures),
    legend(-reach, reach),
  );
}
