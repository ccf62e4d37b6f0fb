// A line chart as SVG with axes, its lines told apart by colour and dashes, and its figures as a table.

import { h, svg } from "../core/dom.js";
import { figure, percent as asPercent, t } from "../core/i18n.js";

const [WIDTH, HEIGHT] = [560, 300];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 14, 14, 40];

/**
 * Draw `series` = [{ name, style 0..4, points: [[x, y], ...] }] into a figure; `percent`: y is a share, `empty`: what to
 * say where there is no point.
 */
export function lineChart(target, { title, across, series, percent = false, empty = "" }) {
  const drawn = series.filter(({ points }) => points.length);
  const open = target.querySelector("details")?.open ?? false;
  const [x, y] = [scaleOf(drawn, 0, percent), scaleOf(drawn, 1, percent)];
  const toX = (value) => LEFT + ((WIDTH - LEFT - RIGHT) * (value - x.low)) / (x.high - x.low);
  const toY = (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - y.low)) / (y.high - y.low);
  const write = (value) => (percent ? `${figure(100 * value, 2)}%` : figure(value, 3));

  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": summary(title, drawn, percent) });
  for (const value of y.ticks)
    picture.append(
      svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: toY(value), y2: toY(value) }),
      svg("text", { x: LEFT - 8, y: toY(value) + 4, "text-anchor": "end" }, write(value)),
    );
  for (const value of x.ticks)
    picture.append(svg("text", { x: toX(value), y: HEIGHT - BOTTOM + 18, "text-anchor": "middle" }, figure(value)));
  picture.append(svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, across));
  for (const { style, points } of drawn) {
    const path = points.map(([px, py], i) => `${i ? "L" : "M"}${toX(px).toFixed(1)} ${toY(py).toFixed(1)}`).join("");
    picture.append(svg("path", { class: `curve run-${style}`, d: path }));
    const [endX, endY] = points.at(-1);
    picture.append(svg("circle", { class: `end run-${style}`, cx: toX(endX), cy: toY(endY), r: 4 }));
  }
  const details = h("details", {}, h("summary", {}, t("chart.table")), table(across, title, drawn, percent));
  details.open = open;
  const note = empty && !drawn.length ? [h("p", { class: "soft small" }, empty)] : [];
  target.replaceChildren(h("figcaption", {}, title), ...note, picture, details);
}

/** The range of a coordinate over all series, widened to round ticks. */
function scaleOf(series, axis, share) {
  const values = series.flatMap(({ points }) => points.map((point) => point[axis]));
  let low = axis === 0 ? 0 : Math.min(...values, Infinity);
  let high = Math.max(...values, -Infinity);
  if (!Number.isFinite(high)) [low, high] = [0, 1];
  if (axis === 1 && !share) low = Math.min(0, low);
  if (high - low < 1e-9) [low, high] = share && axis === 1 ? [Math.max(0, high - 0.01), high + 0.01] : [low, low + 1];
  const step = roundStep((high - low) / 4);
  low = Math.floor(low / step + 1e-9) * step;
  high = axis === 0 ? high : Math.ceil(high / step - 1e-9) * step;
  if (share && axis === 1) high = Math.min(1, high);
  const ticks = [];
  for (let value = low; value <= high + step * 1e-6; value += step) ticks.push(Number(value.toPrecision(10)));
  return { low, high, ticks };
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999);
}

function summary(title, series, percent) {
  const ends = series.map(({ name, points }) => {
    const last = points.at(-1)[1];
    return `${name}: ${percent ? asPercent(last) : figure(last, 3)}`;
  });
  return ends.length ? `${title}. ${ends.join("; ")}` : `${title}. ${t("chart.empty")}`;
}

/** At most a dozen rows a run: enough to hear how it went. */
function table(across, title, series, percent) {
  const rows = series.flatMap(({ name, points }) => {
    const every = Math.ceil(points.length / 12);
    return points
      .filter((_, i) => i % every === 0 || i === points.length - 1)
      .map(([x, y]) => h("tr", {}, h("td", {}, name), h("td", {}, figure(x)), h("td", {}, percent ? asPercent(y) : figure(y, 4))));
  });
  const head = [t("chart.run"), across, title].map((text) => h("th", { scope: "col" }, text));
  return h("table", { class: "figures" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
}
