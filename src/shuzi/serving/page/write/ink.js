// Strokes as ink: lists of points drawn as smooth lines of one width, whatever the pen's pressure.
// A stroke is { width, points: [[x, y], ...] }; a sheet is 400 units high (see pad.js).

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
 * one that fills half of the sheet should. Edges lie between pixels, so that ink looks as on the whole sheet.
 */
export function inkPng(strokes, sheetWidth) {
  const sheet = Math.round(sheetWidth);
  const [left, top, right, bottom] = inkBox(strokes);
  const [from, to] = [Math.max(0, Math.floor(left)), Math.min(sheet, Math.ceil(right))];
  const width = Math.min(sheet, Math.max(2 * (to - from) + 2, to - from + 2 * MARGIN));
  const start = Math.max(0, Math.min(sheet - width, Math.round((from + to - width) / 2)));
  if (width === sheet) return toPng(strokes, { width, height: HEIGHT });
  const above = Math.max(0, Math.floor(top) - MARGIN);
  const below = Math.min(HEIGHT, Math.ceil(bottom) + MARGIN);
  return toPng(strokes, { left: start, top: above, width, height: below - above });
}

/** A rectangle of the sheet, black ink on white, or on nothing where `transparent`. */
function toPng(strokes, { left = 0, top = 0, width, height, transparent = false }) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!transparent) {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.translate(-left, -top);
  drawStrokes(context, strokes, "#000");
  // canvas.toBlob would wait until the browser is idle, which takes seconds where the machine is busy.
  const encoded = atob(canvas.toDataURL("image/png").split(",")[1]);
  return new Blob([Uint8Array.from(encoded, (letter) => letter.charCodeAt(0))], { type: "image/png" });
}

/** The square of the sheet around the ink, as one would photograph a single digit. */
export function squarePng(strokes, width, transparent) {
  const side = Math.min(HEIGHT, width);
  const [left, , right] = inkBox(strokes);
  const start = Math.max(0, Math.min(width - side, (left + right - side) / 2));
  return toPng(strokes, { left: start, width: Math.round(side), height: HEIGHT, transparent });
}
