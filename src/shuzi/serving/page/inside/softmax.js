// From logits to probabilities: ten numbers, their powers of e, and each power's share.

import { byId, h } from "../core/dom.js";
import { figure, percent, say } from "../core/i18n.js";

/** `temperature`: what the ten outputs are divided by, so that the probabilities are honest. */
export function showSoftmax({ logits: outputs, probabilities, temperature = 1 }) {
  const logits = outputs.map((one) => one / temperature);
  const most = Math.max(...logits);
  const reach = Math.max(...logits.map(Math.abs)) || 1;
  const best = probabilities.indexOf(Math.max(...probabilities));
  say(byId("softmax-temperature"), temperature === 1 ? "softmax.plain" : "softmax.temperature", { t: temperature });
  byId("softmax-rows").replaceChildren(
    ...logits.map((logit, value) => {
      const bar = h("span", { class: `logit ${logit < 0 ? "minus" : "plus"}`, "aria-hidden": "true" });
      bar.style.width = `${(50 * Math.abs(logit)) / reach}%`;
      const share = h("span", { class: "share", "aria-hidden": "true" });
      share.style.width = `${100 * probabilities[value]}%`;
      return h(
        "tr",
        { class: value === best ? "best" : null },
        h("th", { scope: "row" }, String(value)),
        h("td", {}, figure(logit, 2)),
        h("td", { class: "logit-cell" }, bar),
        h("td", {}, powerOf(logit - most)),
        h("td", {}, percent(probabilities[value])),
        h("td", { class: "share-cell" }, share),
      );
    }),
  );
}

const powerOf = (exponent) => {
  const power = Math.exp(exponent);
  return power >= 0.001 ? figure(power, 3) : power.toExponential(0).replace("e-", "·10⁻").replace(/\d+$/, raised);
};

const raised = (digits) => [...digits].map((one) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(one)]).join("");
