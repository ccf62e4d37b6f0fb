// One value's arithmetic as tables of numbers: window times kernel, the largest of four, weights times inputs.

import { h } from "../core/dom.js";
import { figure, say } from "../core/i18n.js";
import { colourScale, css, readableOn } from "../core/scale.js";
import { show } from "./atlas.js";

const MOST_TERMS = 4; // channels whose products are shown in full

/** The parts of an explanation as /v1/inside/value gives it. */
export function calculation(found) {
  if (found.terms) return convolution(found);
  if (found.window) return pooling(found);
  if (found.weights) return linear(found);
  if (found.powers) return softmax(found);
  return plain(found);
}

function convolution({ terms, bias, value }) {
  const strongest = [...terms].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
  const count = terms.length <= MOST_TERMS ? terms.length : MOST_TERMS - 1; // never "one more"
  const parts = strongest.slice(0, count).map((term) =>
    h(
      "div",
      { class: "term" },
      terms.length > 1 ? say(h("h4", {}), "calc.channel", { n: term.channel }) : null,
      h(
        "div",
        { class: "grids" },
        grid(term.window, "calc.window"),
        h("span", { class: "operator", "aria-hidden": "true" }, "×"),
        grid(term.kernel, "calc.kernel"),
        h("span", { class: "operator", "aria-hidden": "true" }, "="),
        grid(term.window.map((row, i) => row.map((one, j) => one * term.kernel[i][j])), "calc.products"),
      ),
      say(h("p", { class: "sum" }), "calc.sum", { sum: show(term.sum) }),
    ),
  );
  const rest = strongest.slice(count);
  const sums = strongest.slice(0, count).map((term) => term.sum);
  if (rest.length) {
    const sum = rest.reduce((total, term) => total + term.sum, 0);
    parts.push(say(h("p", { class: "soft" }), "calc.rest", { n: rest.length, sum: show(sum) }));
    sums.push(sum);
  }
  parts.push(equation([...sums, bias], value), say(h("p", { class: "soft" }), "calc.bias", { bias: show(bias) }));
  return parts;
}

function pooling({ window, value, at }) {
  const parts = [grid(window, "calc.window", at)];
  if (at) parts.push(say(h("p", { class: "equation" }), "calc.largest", { value: show(value) }));
  else parts.push(say(h("p", { class: "equation" }), "calc.average", { value: show(value), n: window.flat().length }));
  return parts;
}

function linear({ weights, inputs, bias, value }) {
  const flat = weights.flat();
  const products = flat.map((weight, i) => weight * inputs[i]);
  const sum = products.reduce((total, one) => total + one, 0);
  const parts = [];
  if (Array.isArray(weights[0])) {
    const rows = (numbers) => weights.map((row, y) => row.map((_, x) => numbers[y * row.length + x]));
    parts.push(h("div", { class: "pictures" }, picture(weights, "calc.weights"), picture(rows(products), "calc.products")));
  }
  const order = products.map((_, i) => i).sort((a, b) => Math.abs(products[b]) - Math.abs(products[a])).slice(0, 6);
  const head = h("tr", {}, ["calc.input", "calc.inputValue", "calc.weight", "calc.product"].map((key) => say(h("th", { scope: "col" }), key)));
  const rows = order.map((i) =>
    h("tr", {}, h("th", { scope: "row" }, figure(i)), [inputs[i], flat[i], products[i]].map((one) => h("td", {}, show(one)))),
  );
  parts.push(h("table", { class: "figures" }, say(h("caption", {}), "calc.strongest"), h("thead", {}, head), h("tbody", {}, rows)));
  parts.push(say(h("p", {}), "calc.allProducts", { n: products.length, sum: show(sum) }));
  parts.push(equation([sum, bias], value));
  return parts;
}

function softmax({ inputs, powers, value }) {
  const total = powers.reduce((sum, one) => sum + one, 0);
  const head = h("tr", {}, ["calc.class", "calc.inputValue", "calc.power"].map((key) => say(h("th", { scope: "col" }), key)));
  const rows = inputs.map((one, i) =>
    h("tr", {}, h("th", { scope: "row" }, String(i)), h("td", {}, show(one)), h("td", {}, show(powers[i]))),
  );
  return [
    h("table", { class: "figures" }, h("thead", {}, head), h("tbody", {}, rows)),
    say(h("p", { class: "equation" }), "calc.softmax", { total: show(total), value: show(value) }),
  ];
}

function plain({ inputs = [], value }) {
  if (inputs.length === 1) return [h("p", { class: "equation" }, `${show(inputs[0])} → ${show(value)}`)];
  if (inputs.length === 2) return [equation(inputs, value)];
  if (!inputs.length) return [];
  return [say(h("p", { class: "equation" }), "calc.of", { n: inputs.length, value: show(value) })];
}

/** a + b − c = value, with the signs that people write. */
function equation(terms, value) {
  const text = terms.map((one, i) => (i === 0 ? show(one) : `${one < 0 ? "−" : "+"} ${show(Math.abs(one))}`)).join(" ");
  return h("p", { class: "equation" }, `${text} = `, h("b", {}, show(value)));
}

/** Numbers in a table, each cell in the colour of its value; `at` marks one of them. */
function grid(numbers, key, at = null) {
  const all = numbers.flat().filter((one) => one !== null && Number.isFinite(one));
  const colour = colourScale(Math.min(0, ...all), Math.max(0, ...all));
  const rows = numbers.map((row, y) =>
    h("tr", {}, row.map((one, x) => {
      const cell = h("td", { class: at && at[0] === y && at[1] === x ? "chosen" : null }, one === null ? "" : short(one));
      const shade = colour(one ?? 0);
      cell.style.backgroundColor = css(shade);
      cell.style.color = readableOn(shade);
      return cell;
    })),
  );
  return h("table", { class: "grid-numbers" }, say(h("caption", {}), key), h("tbody", {}, rows));
}

const short = (one) => (Math.abs(one) >= 100 ? String(Math.round(one)) : figure(one, 2).replace(/^(-?)0\./, "$1."));

/** Numbers too many to write, as a picture; `reach` is the value in full colour, by default their largest. */
export function picture(numbers, key, fill = {}, reach = null) {
  const all = numbers.flat();
  const colour = reach === null ? colourScale(Math.min(...all), Math.max(...all)) : colourScale(-reach, reach);
  const canvas = h("canvas", { "aria-hidden": "true", class: "numbers-picture" });
  canvas.height = numbers.length;
  canvas.width = numbers[0].length;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(canvas.width, canvas.height);
  all.forEach((one, i) => pixels.data.set([...colour(one), 255], 4 * i));
  context.putImageData(pixels, 0, 0);
  return h("figure", {}, canvas, key ? say(h("figcaption", {}), key, fill) : null);
}
