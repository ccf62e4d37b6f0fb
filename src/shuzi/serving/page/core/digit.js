// A 28x28 digit as a small canvas: white ink on black, as the net gets it.

import { h } from "./dom.js";

/** Paint 28 rows of 28 values 0..255 onto a canvas of 28x28 pixels; the style sheet enlarges it unsmoothed. */
export function paintDigit(canvas, image) {
  canvas.width = 28;
  canvas.height = 28;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(28, 28);
  image.flat().forEach((value, i) => {
    pixels.data.set([value, value, value, 255], 4 * i);
  });
  context.putImageData(pixels, 0, 0);
}

export function digitCanvas(image, props = {}) {
  const canvas = h("canvas", { ...props, class: `digit ${props.class ?? ""}` });
  paintDigit(canvas, image);
  return canvas;
}
