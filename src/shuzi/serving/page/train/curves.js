// The curves of the compared runs: loss while it goes, accuracy on the validation digits after each epoch.

import { byId } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { recipeText } from "../core/recipes.js";
import { lineChart } from "./chart.js";

const MOST_POINTS = 300; // a longer line is thinned: more can't be seen

export function showCharts(cards) {
  byId("charts").hidden = !cards.some((card) => card.live.length || card.run.history?.length);
  if (byId("charts").hidden) return;
  const series = (points) =>
    cards.map((card) => ({ name: `${recipeText(card.run.title)} · ${card.run.seed}`, style: card.style, points: points(card) }));
  lineChart(byId("loss-chart"), {
    title: t("chart.loss"),
    across: t("chart.step"),
    series: series(({ live, run }) => thin(smooth(live.length ? live : (run.history ?? [])))),
  });
  lineChart(byId("accuracy-chart"), {
    title: t("chart.accuracy"),
    across: t("chart.step"),
    percent: true,
    empty: cards.some(({ run }) => run.status === "done") ? t("chart.unvalidated") : t("chart.waiting"),
    series: series(({ run }) =>
      (run.history ?? [])
        .filter((row) => typeof row.validation_accuracy === "number")
        .map((row) => [row.step, row.validation_accuracy]),
    ),
  });
}

/** One batch's loss jumps: each entry is averaged with those before it. */
function smooth(entries) {
  let mean = null;
  return entries
    .filter((entry) => typeof entry.loss === "number")
    .map(({ step, loss }) => {
      mean = mean === null ? loss : 0.6 * mean + 0.4 * loss;
      return [step, mean];
    });
}

function thin(points) {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}
