// What a finished run gets wrong: its accuracy on the test set, the confusion matrix and the worst mistakes.

import { complain } from "../core/announce.js";
import { get } from "../core/api.js";
import { digitCanvas } from "../core/digit.js";
import { byId, h } from "../core/dom.js";
import { percent, say } from "../core/i18n.js";

const MOST = 24; // mistakes shown
let shown = null;

export async function showScore(id, title) {
  shown = id;
  const panel = byId("score");
  panel.hidden = false;
  panel.setAttribute("aria-busy", "true");
  say(byId("score-title"), "score.title", { title });
  say(byId("score-text"), "score.waiting");
  byId("score-body").hidden = true;
  byId("score-title").focus();
  try {
    const score = await get(`runs/${encodeURIComponent(id)}/score`);
    if (shown !== id) return;
    const [low, high] = score.interval;
    say(byId("score-text"), "score.text", { p: score.accuracy, low, high });
    confusion(score);
    mistakes(score);
    byId("score-body").hidden = false;
  } catch (error) {
    if (shown === id) closeScore(id);
    complain(error);
  } finally {
    panel.removeAttribute("aria-busy");
  }
}

export function closeScore(id) {
  if (shown !== id) return;
  shown = null;
  byId("score").hidden = true;
}

/** Rows are what digits are, columns what they were read as. Shades of ink by the share of the row. */
function confusion({ confusion: counts, per_class: perClass }) {
  const heads = counts.map((_, value) => h("th", { scope: "col" }, String(value)));
  byId("confusion-head").replaceChildren(h("tr", {}, say(h("th", { scope: "col" }), "score.corner"), heads, say(h("th", { scope: "col" }), "score.right")));
  byId("confusion-body").replaceChildren(
    ...counts.map((row, label) => {
      const total = row.reduce((sum, one) => sum + one, 0) || 1;
      const cells = row.map((count, answer) => {
        const kind = answer === label ? "hit" : count === 0 ? "none" : count / total > 0.02 ? "much" : "some";
        return h("td", { class: kind }, String(count));
      });
      return h("tr", {}, h("th", { scope: "row" }, String(label)), cells, h("td", { class: "row-score" }, percent(perClass[label])));
    }),
  );
}

function mistakes({ mistakes: found }) {
  say(byId("mistakes-title"), found.length ? "score.mistakes" : "score.noMistakes");
  byId("mistakes").replaceChildren(
    ...found.slice(0, MOST).map(({ image, label, answer, confidence }) =>
      h(
        "li",
        {},
        digitCanvas(image, { "aria-hidden": "true" }),
        say(h("span", {}), "score.mistake", { label: String(label), answer: String(answer) }),
        say(h("small", {}), "percent", { p: confidence }),
      ),
    ),
  );
}
