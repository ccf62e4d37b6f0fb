// A layer's weights as pictures: what each kernel looks for.

import { h } from "../core/dom.js";
import { say } from "../core/i18n.js";
import { legend } from "../core/scale.js";
import { picture } from "./calculation.js";

const MOST = 64; // pictures shown: a convolution from 64 to 64 channels has 4,096

/** `kernels`: [out][in][height][width] of a convolution, or [out][28][28] of a linear layer on the picture. */
export function showKernels(panel, { kernels }) {
  const ofPicture = !Array.isArray(kernels[0][0][0]);
  const pictures = ofPicture
    ? kernels.slice(0, MOST).map((one, out) => picture(one, "inside.ofUnit", { n: out }))
    : kernels.flatMap((one, out) => one.map((kernel, channel) => [kernel, out, channel])).slice(0, MOST)
        .map(([kernel, out, channel]) => picture(kernel, "inside.ofChannel", { n: out, channel }));
  const total = ofPicture ? kernels.length : kernels.length * kernels[0].length;
  const all = kernels.flat(Infinity);
  const reach = all.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  panel.replaceChildren(
    say(h("p", {}), ofPicture ? "inside.picturesText" : "inside.kernelsText", { n: pictures.length, total }),
    h("div", { class: "pictures small" }, pictures),
    legend(-reach, reach),
  );
}
