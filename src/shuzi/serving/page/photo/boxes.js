// Boxes over a picture. Sure ones have a solid line and a tick, unsure ones a dashed line and a question
// mark, corrected ones a pen: the colour only repeats what line and mark say.

import { h, place } from "../core/dom.js";
import { percent, say } from "../core/i18n.js";

/** Draw the numbers of a page over its picture; for each, its element and how to show a correction. */
export function drawBoxes(frame, page) {
  const whole = [page.width, page.height];
  return page.numbers.map((number) => {
    const text = h("span", {}, number.text);
    const mark = h("span", { class: "box-mark", "aria-hidden": "true" }, number.accepted ? "✓" : "?");
    const box = h(
      "button",
      { type: "button", class: `box ${number.accepted ? "sure" : "unsure"}`, title: percent(number.confidence) },
      h("span", { class: "box-label" }, text, mark),
    );
    label(box, number);
    place(box, number.box, whole);
    // A label above the topmost numbers would leave the picture.
    box.classList.toggle("label-below", number.box[1] < 0.12 * page.height);
    const marks = number.digits.map((digit) =>
      place(h("span", { class: `digit-box ${level(digit.confidence)}`, "aria-hidden": "true" }), digit.box, whole),
    );
    frame.append(...marks, box);
    return {
      element: box,
      correct(corrected) {
        text.textContent = corrected;
        mark.textContent = "✎";
        box.classList.remove("sure", "unsure");
        box.classList.add("corrected");
        say(box, "photo.boxCorrected", { text: corrected }, "label");
      },
    };
  });
}

function label(box, number) {
  const key = number.accepted ? "photo.boxSure" : "photo.boxUnsure";
  say(box, key, { text: number.text, p: number.confidence }, "label");
}

const level = (confidence) => (confidence >= 0.95 ? "high" : confidence >= 0.7 ? "middle" : "low");
