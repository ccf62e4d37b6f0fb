// Values as colours: from paper to ink where nothing is negative, else blue, paper and red around zero.

import { h } from "./dom.js";
import { figure, say } from "./i18n.js";
import { token } from "./settings.js";

const rgb = (name) => {
  const hex = token(name).slice(1);
  return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
};

const mix = (from, to, share) => from.map((part, i) => Math.round(part + (to[i] - part) * share));

/** A function from a value to [red, green, blue] for values between least and most. */
export function colourScale(least, most) {
  const none = rgb("none");
  const [ink, plus, minus] = [rgb("strong"), rgb("plus"), rgb("minus")];
  if (least >= 0) return (value) => mix(none, ink, most > 0 ? Math.min(1, value / most) : 0);
  const reach = Math.max(-least, most) || 1;
  return (value) => mix(none, value < 0 ? minus : plus, Math.min(1, Math.abs(value) / reach));
}

/** Black or white, whichever stands out more on a colour (by WCAG's relative luminance). */
export function readableOn(colour) {
  const [r, g, b] = colour.map((part) => (part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

export const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

/** The explained scale: a strip of the colours with the values at its ends. */
export function legend(least, most) {
  const signed = least < 0;
  const reach = Math.max(-least, most);
  const ends = signed ? [-reach, reach] : [0, most];
  const strip = h("canvas", { class: "legend-strip", "aria-hidden": "true" });
  strip.width = 64;
  strip.height = 1;
  const context = strip.getContext("2d");
  const colour = colourScale(signed ? -reach : 0, reach);
  for (let i = 0; i < 64; i++) {
    context.fillStyle = css(colour(ends[0] + ((ends[1] - ends[0]) * i) / 63));
    context.fillRect(i, 0, 1, 1);
  }
  return h(
    "p",
    { class: "legend" },
    h("span", {}, figure(ends[0], 2)),
    strip,
    h("span", {}, figure(ends[1], 2)),
    say(h("span", { class: "soft" }), signed ? "scale.signed" : "scale.plain"),
  );
}
