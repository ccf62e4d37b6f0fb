// Strokes as ink: lists of points drawn as smooth lines of one width, whatever the pen's pressure.
// A stroke is { width, points: [[x, y], ...] }; a sheet is 400 units high (see pad.js).

import { greyPng } from "../core/png.js";

export const HEIGHT = 400;
const MARGIN = 24; // of paper around the ink that is sent to be read

/** Draw strokes in the context's own units: curves through the middles between points, round at the ends. */
export function drawStrokes(context, strokes, colour) {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { width, points } of strokes) {
    context.beginPath();
    if (points.length === 1) {
      context.arc(points[0][0], points[0][1], width / 2, 0, 2 * Math.PI);
      context.fill();
      continue;
    }
    context.lineWidth = width;
    context.moveTo(...points[0]);
    for (let i = 1; i < points.length - 1; i++) {
      const [x, y] = points[i];
      const [nextX, nextY] = points[i + 1];
      context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    }
    context.lineTo(...points.at(-1));
    context.stroke();
  }
}

/** Left, top, right and bottom of all ink. */
export function inkBox(strokes) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { width, points } of strokes)
    for (const [x, y] of points) {
      box[0] = Math.min(box[0], x - width / 2);
      box[1] = Math.min(box[1], y - width / 2);
      box[2] = Math.max(box[2], x + width / 2);
      box[3] = Math.max(box[3], y + width / 2);
    }
  return box;
}

/**
 * The part of a sheet that holds ink as a PNG file, to be read: black on white, a unit is a pixel.
 *
 * Paper costs the reader time, so there is little of it above and below. To the sides there is as much as ink: a
 * line that fills half of a picture's width may be taken for a printed ruling (see reading/rulings.py), and only
 * one that fills half of the sheet should. So the answer is the one that the whole sheet would get.
 */
export function inkPng(strokes, sheetWidth) {
  const sheet = Math.round(sheetWidth);
  const [left, top, width, height] = inkWindow(strokes, sheet);
  const pixels = draw(strokes, sheet).getImageData(left, top, width, height).data;
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = pixels[4 * i];
  return greyPng(grey, width, height);
}

/** Left, top, width and height of the part that is sent. */
function inkWindow(strokes, sheet) {
  const [left, top, right, bottom] = inkBox(strokes);
  const [from, to] = [Math.max(0, Math.floor(left)), Math.min(sheet, Math.ceil(right))];
  const width = Math.max(2 * (to - from) + 2, to - from + 2 * MARGIN);
  if (width >= sheet) return [0, 0, sheet, HEIGHT];
  const start = Math.max(0, Math.min(sheet - width, Math.floor((from + to - width) / 2)));
  const above = Math.max(0, Math.floor(top) - MARGIN);
  return [start, above, width, Math.min(HEIGHT, Math.ceil(bottom) + MARGIN) - above];
}

/** The square of the sheet around the ink as a PNG file, as one would photograph a single digit. */
export function squarePng(strokes, width, transparent) {
  const side = Math.min(HEIGHT, width);
  const [inkLeft, , inkRight] = inkBox(strokes);
  const left = Math.max(0, Math.min(width - side, (inkLeft + inkRight - side) / 2));
  const { canvas } = draw(strokes, Math.round(side), { left, transparent });
  // Not toBlob: see core/png.js.
  const encoded = atob(canvas.toDataURL("image/png").split(",")[1]);
  return new Blob([Uint8Array.from(encoded, (letter) => letter.charCodeAt(0))], { type: "image/png" });
}

/** The sheet on a canvas, black ink on white, or on nothing where `transparent`. */
function draw(strokes, width, { left = 0, transparent = false } = {}) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!transparent) {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, HEIGHT);
  }
  context.translate(-left, 0);
  drawStrokes(context, strokes, "#000");
  return context;
}
