// Two languages. `say` writes a text into an element and remembers which, so that a change of language
// rewrites the whole page, what was made in code included.

import { en } from "./words-en.js";
import { zh } from "./words-zh.js";

const WORDS = { en, zh };
const ATTRIBUTES = { label: "aria-label", title: "title", placeholder: "placeholder", alt: "alt", optgroup: "label" };
const values = new WeakMap(); // element -> { place: the values in its text }
let language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

export const currentLanguage = () => language;

/** The text of a key, with `{name}` filled in; `{name:pct}` is a probability, numbers are the language's own. */
export function t(key, fill = {}) {
  const text = WORDS[language][key];
  if (text === undefined) throw new Error(`There are no words for ${key}.`);
  return text.replace(/\{(\w+)(:pct)?\}/g, (_, name, percentage) => {
    const value = fill[name];
    if (percentage) return percent(value);
    return typeof value === "number" ? figure(value) : String(value);
  });
}

export const has = (key) => WORDS[language][key] !== undefined;

/** A number as the language writes it, with at most so many decimals. */
export function figure(value, decimals = 4) {
  return value.toLocaleString(language === "zh" ? "zh-CN" : "en", {
    maximumFractionDigits: decimals,
    signDisplay: "negative", // what rounds to zero has no sign
  });
}

/** A probability for people; 100 % is only what can't be told from it in six decimals. */
export function percent(p) {
  const shown = (100 * p).toFixed(1);
  const text = shown === "100.0" && p < 1 - 5e-7 ? "99.9" : shown;
  return language === "zh" ? `${text}%` : `${text} %`;
}

/** Write a text into an element (or into one of its attributes: label, title, placeholder, alt). */
export function say(element, key, fill = {}, place = "text") {
  element.dataset[place === "text" ? "t" : `t${place[0].toUpperCase()}${place.slice(1)}`] = key;
  values.set(element, { ...values.get(element), [place]: fill });
  write(element, key, fill, place);
  return element;
}

function write(element, key, fill, place) {
  if (place === "text") element.textContent = t(key, fill);
  else element.setAttribute(ATTRIBUTES[place], t(key, fill));
}

/** Write all texts below an element that name their key: data-t, data-t-label, ... */
export function translate(root = document) {
  for (const element of root.querySelectorAll("[data-t]"))
    write(element, element.dataset.t, values.get(element)?.text, "text");
  for (const place of Object.keys(ATTRIBUTES))
    for (const element of root.querySelectorAll(`[data-t-${place}]`))
      write(element, element.getAttribute(`data-t-${place}`), values.get(element)?.[place], place);
}

const changed = [];
/** Run something after each change of language: what `say` can't redo, such as drawings with words in them. */
export const onLanguage = (run) => changed.push(run);

export function setLanguage(next) {
  language = next;
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  translate();
  for (const run of changed) run();
}
