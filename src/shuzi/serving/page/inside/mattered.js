// Which pixels mattered: how far the answer's probability falls when a place of the picture is covered.

import { complain } from "../core/announce.js";
import { post } from "../core/api.js";
import { paintDigit } from "../core/digit.js";
import { byId } from "../core/dom.js";
import { say } from "../core/i18n.js";
import { colourScale, legend } from "../core/scale.js";
import { onTheme } from "../core/settings.js";

let last = null;
onTheme(() => last && paint(last));

export async function showMattered(image, weights, signal) {
  try {
    last = await post("inside/mattered", { query: { weights }, json: { image }, signal });
    paintDigit(byId("mattered-digit"), image);
    paint(last);
    say(byId("mattered-text"), "mattered.text", { digit: String(last.digit) });
    say(byId("mattered-canvas"), "mattered.alt", { digit: String(last.digit) }, "label");
  } catch (error) {
    complain(error);
  }
}

function paint({ values }) {
  const all = values.flat();
  const [least, most] = [Math.min(0, ...all), Math.max(0, ...all)];
  const colour = colourScale(least, most);
  const canvas = byId("mattered-canvas");
  canvas.width = 28;
  canvas.height = 28;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(28, 28);
  all.forEach((value, i) => pixels.data.set([...colour(value), 255], 4 * i));
  context.putImageData(pixels, 0, 0);
  byId("mattered-legend").replaceChildren(legend(least, most));
}
