// The answer beside the pad: the number, how sure it is, its digits to look at one by one.

import { announce } from "../core/announce.js";
import { paintDigit } from "../core/digit.js";
import { byId, h } from "../core/dom.js";
import { say } from "../core/i18n.js";
import { setState } from "../core/state.js";
import { makeBars } from "./bars.js";

const showBars = makeBars(byId("bars"));
let digits = []; // of all numbers on the sheet
let buttons = [];
let chosen = 0;

/** The digit that the bars and the 28x28 picture are of, or null. */
export const chosenDigit = () => digits[chosen] ?? null;
export const onlyOneDigit = () => digits.length === 1;

/** Show a page as the API reads it; null for an empty sheet. `milliseconds` is how long the answer took. */
export function showAnswer(page, milliseconds) {
  const numbers = page?.numbers ?? [];
  digits = numbers.flatMap((number) => number.digits);
  buttons = digits.map((digit, i) =>
    h("button", { type: "button", class: "answer-digit", on: { click: () => choose(i) } }, String(digit.value)),
  );
  let used = 0;
  const lines = numbers.map((number) => {
    const mine = buttons.slice(used, (used += number.digits.length));
    return h("div", { class: `answer-number ${number.accepted ? "sure" : "unsure"}` }, mine, verdict(number));
  });
  byId("answer").replaceChildren(...(lines.length ? lines : [blank(page)]));
  byId("answer-time").hidden = !lines.length;
  if (lines.length) say(byId("answer-time"), "write.time", { ms: Math.round(milliseconds) });
  byId("wrong").hidden = !lines.length;
  // What deserves a look first is the digit that the net is least sure of.
  const least = digits.reduce((at, digit, i) => (digit.confidence < digits[at].confidence ? i : at), 0);
  choose(least);
  speak(numbers, page);
}

function verdict(number) {
  if (number.accepted) return say(h("p", { class: "verdict" }), "write.sure", { p: number.confidence });
  const others = number.alternatives.slice(0, 2).map((other) => other.text);
  const key = others.length ? "write.unsureBetween" : "write.unsure";
  return say(h("p", { class: "verdict" }), key, { text: number.text, others: others.join(" · "), p: number.confidence });
}

function blank(page) {
  return say(h("p", { class: "answer-blank" }), page ? "write.noNumber" : "write.blank");
}

function speak(numbers, page) {
  if (!page) return;
  if (!numbers.length) announce("write.noNumber");
  else if (numbers.every((number) => number.accepted))
    announce("write.sayNumber", { text: numbers.map((number) => number.text).join(", "), p: numbers[0].confidence });
  else announce("write.sayUnsure", { text: numbers.map((number) => number.text).join(", ") });
}

function choose(index) {
  chosen = index;
  const digit = chosenDigit();
  buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === index)));
  buttons.forEach((button, i) => say(button, "write.lookAt", { digit: String(digits[i].value), n: i + 1 }, "label"));
  showBars(digit?.probabilities ?? null);
  byId("saw").hidden = !digit;
  if (!digit) return;
  paintDigit(byId("saw-canvas"), digit.image);
  say(byId("saw-canvas"), "write.sawAlt", { digit: String(digit.value) }, "label");
  if (digits.length > 1) say(byId("bars-title"), "write.barsOf", { n: index + 1, total: digits.length });
  else say(byId("bars-title"), "write.bars");
  setState("digit", { image: digit.image, value: digit.value, from: "pad" });
}
