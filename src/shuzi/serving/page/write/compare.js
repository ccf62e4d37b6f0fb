// The same digit before all nets, fed as each one's tutorial feeds it and framed as MNIST's digits were.

import { complain } from "../core/announce.js";
import { latest, post } from "../core/api.js";
import { digitCanvas } from "../core/digit.js";
import { byId, h } from "../core/dom.js";
import { say } from "../core/i18n.js";
import { sayRecipe } from "../core/recipes.js";
import { state, watch } from "../core/state.js";
import { chosenDigit, onlyOneDigit } from "./answer.js";
import { squarePng } from "./ink.js";

const asking = latest();
let sheet = null;
let timer = 0;

export function startCompare(pad) {
  sheet = pad;
  byId("compare").addEventListener("toggle", compareNets);
  watch("models", compareNets);
  watch("digit", compareNets);
}

/** Ask all nets anew, once the writing hand has rested for a moment. */
export function compareNets() {
  clearTimeout(timer);
  asking.stop();
  if (byId("compare").open) timer = setTimeout(ask, 150);
}

async function ask() {
  const single = !sheet.empty && onlyOneDigit();
  byId("compare-table").hidden = !single;
  if (!single) {
    say(byId("compare-summary"), "compare.needs");
    return;
  }
  const signal = asking.next();
  const image = chosenDigit().image;
  const strokes = sheet.strokes;
  try {
    const rows = [];
    for (const model of state("models")) {
      const framed = post("classify", { query: { weights: model.name }, json: { images: [image] }, signal });
      const ways = [framed, asTutorial(model, strokes, signal)];
      const [good, own] = (await Promise.all(ways)).map((answer) => answer?.predictions[0] ?? null);
      rows.push({ model, good, own });
    }
    show(rows);
  } catch (error) {
    complain(error);
  }
}

/** A drawing pad's transparency is what the MXNet tutorials read; the others get ink on white paper. */
async function asTutorial(model, strokes, signal) {
  if (!model.own_picture || model.own_picture === "frame") return null;
  const body = squarePng(strokes, sheet.width, model.own_picture === "alpha");
  return post("classify", { query: { weights: model.name, framing: "tutorial" }, body, type: "image/png", signal });
}

function show(rows) {
  const best = rows.find(({ model }) => model.name === "champion") ?? rows[0];
  const truth = best.good.digit;
  byId("compare-rows").replaceChildren(
    ...rows.map(({ model, good, own }) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, sayRecipe(h("span", {}), model.title || model.name), accuracy(model)),
        h("td", {}, own ? cell(own, truth) : say(h("span", { class: "soft" }), model.name.startsWith("keras") ? "compare.noOwn" : "compare.framesItself")),
        h("td", {}, cell(good, truth)),
      ),
    ),
  );
  const tutorials = rows.filter(({ own }) => own);
  const lost = tutorials.filter(({ own }) => own.digit !== truth).length;
  const held = tutorials.filter(({ good }) => good.digit === truth).length;
  say(byId("compare-summary"), "compare.summary", { digit: String(truth), lost, held, total: tutorials.length });
}

function accuracy(model) {
  if (typeof model.accuracy !== "number") return null;
  return say(h("small", {}), "compare.accuracy", { p: model.accuracy });
}

function cell(prediction, truth) {
  const right = prediction.digit === truth;
  const mark = say(h("span", { class: "mark", role: "img" }, ""), right ? "compare.same" : "compare.other", {}, "label");
  mark.append(right ? "✓" : "✗");
  return h(
    "div",
    { class: `compare-cell ${right ? "right" : "wrong"}` },
    digitCanvas(prediction.image, { "aria-hidden": "true" }),
    h("b", {}, String(prediction.digit)),
    mark,
    say(h("small", {}), "percent", { p: prediction.confidence }),
  );
}
