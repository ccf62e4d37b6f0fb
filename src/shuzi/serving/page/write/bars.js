// Ten bars: how probable each class is for the digit that is looked at.

import { h } from "../core/dom.js";
import { percent, say } from "../core/i18n.js";

/** Make the ten bars in a list; returns a function that shows probabilities, or nothing for null. */
export function makeBars(list) {
  const rows = Array.from({ length: 10 }, (_, value) => {
    const fill = h("span", { class: "bar-fill" });
    const text = h("span", { class: "bar-text" });
    const row = h("li", {}, text, h("span", { class: "bar-track", "aria-hidden": "true" }, fill), h("b", {}, String(value)));
    return { row, fill, text };
  });
  list.replaceChildren(...rows.map(({ row }) => row));

  return function show(probabilities) {
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    rows.forEach(({ row, fill, text }, value) => {
      const p = probabilities?.[value] ?? 0;
      fill.style.height = `${100 * p}%`;
      row.classList.toggle("best", value === best);
      // Bars are narrow: a whole percent will do, and what is below one says so.
      text.textContent = !probabilities ? "" : p >= 0.995 ? percent(p).replace(/\s?%/, "") : p < 0.01 ? "·" : String(Math.round(100 * p));
      say(row, "write.bar", { digit: String(value), p }, "title");
    });
  };
}
