// Digits written by program, for those who want to see one written first: strokes in a square of side 1.

const arc = (cx, cy, rx, ry, from, to, n = 24) =>
  Array.from({ length: n + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / n) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });

const line = (...corners) =>
  corners.flatMap(([x, y], i) => {
    if (i === 0) return [[x, y]];
    const [fromX, fromY] = corners[i - 1];
    return Array.from({ length: 10 }, (_, k) => [
      fromX + ((x - fromX) * (k + 1)) / 10,
      fromY + ((y - fromY) * (k + 1)) / 10,
    ]);
  });

/** Angles run clockwise from the right, since y runs down. */
export const SAMPLES = [
  [arc(0.5, 0.5, 0.25, 0.37, -80, -440, 40)],
  [line([0.38, 0.25], [0.53, 0.12], [0.5, 0.88])],
  [[...arc(0.48, 0.32, 0.22, 0.19, -170, 35), ...line([0.62, 0.48], [0.27, 0.85], [0.76, 0.84])]],
  [[...arc(0.46, 0.31, 0.2, 0.18, -160, 85), ...arc(0.45, 0.67, 0.24, 0.19, -85, 160)]],
  [line([0.44, 0.12], [0.24, 0.58], [0.78, 0.57]), line([0.62, 0.36], [0.59, 0.9])],
  [[...line([0.68, 0.14], [0.36, 0.15], [0.32, 0.45]), ...arc(0.46, 0.64, 0.23, 0.22, -115, 150)]],
  [[...line([0.62, 0.12], [0.38, 0.4]), ...arc(0.49, 0.66, 0.21, 0.22, -160, -520, 40)]],
  [line([0.24, 0.16], [0.75, 0.15], [0.42, 0.89])],
  [[...arc(0.5, 0.31, 0.18, 0.18, -40, -270), ...arc(0.5, 0.69, 0.22, 0.2, -90, 270, 40), ...arc(0.5, 0.31, 0.18, 0.18, 90, -30)]],
  [[...arc(0.48, 0.34, 0.2, 0.21, -20, -380, 40), ...line([0.68, 0.36], [0.6, 0.89])]],
];

/** The strokes of a sample on a sheet, in its middle. */
export function sampleStrokes(value, sheetWidth, height, width) {
  const side = 0.8 * Math.min(sheetWidth, height);
  const left = (sheetWidth - side) / 2;
  const top = (height - side) / 2;
  return SAMPLES[value].map((points) => ({
    width,
    points: points.map(([x, y]) => [left + side * x, top + side * y]),
  }));
}

/** Write a sample on the pad, point by point as a hand would, or at once for those who want no motion. */
export async function writeSample(pad, value, height) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  pad.clear();
  for (const { points } of sampleStrokes(value, pad.width, height, pad.strokeWidth)) {
    pad.begin(points[0]);
    for (const point of points.slice(1)) {
      pad.extend(point);
      if (!still) await new Promise(requestAnimationFrame);
    }
    pad.end();
  }
}
