// One number that was read, in a field where it can be put right.

import { announce } from "../core/announce.js";
import { h } from "../core/dom.js";
import { say } from "../core/i18n.js";

export function numberItem(number, corrected) {
  const field = h("input", {
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 100,
    value: number.text,
    size: Math.max(2, number.text.length),
  });
  say(field, "photo.field", { text: number.text }, "label");
  const verdict = h("span", { class: "number-verdict" });
  const key = number.accepted ? "photo.sure" : "photo.check";
  say(verdict, key, { p: number.confidence });
  const item = h("li", { class: number.accepted ? "sure" : "unsure" }, field, verdict);

  const correct = (text) => {
    field.value = text;
    if (!text || text === (number.corrected ?? number.text)) return;
    number.corrected = text;
    item.className = "corrected";
    say(verdict, "photo.corrected", { text: number.text });
    announce("photo.saidCorrected", { text });
    corrected(text);
  };
  field.addEventListener("change", () => correct(field.value.trim()));
  if (!number.accepted && number.alternatives.length) item.append(others(number, correct));
  return item;
}

/** What else it may be: one press puts it into the field. */
function others(number, correct) {
  const row = h("div", { class: "others" }, say(h("span", { class: "soft" }), "photo.or"));
  for (const other of number.alternatives.slice(0, 3)) {
    const button = h("button", { type: "button", class: "chip", on: { click: () => correct(other.text) } }, other.text);
    row.append(say(button, "photo.useOther", { text: other.text, p: other.confidence }, "label"));
  }
  return row;
}
