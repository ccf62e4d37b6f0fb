// What a screen reader should hear without being asked: one polite live region for the whole page.

import { byId } from "./dom.js";
import { t } from "./i18n.js";

export function announce(key, fill) {
  byId("live").textContent = t(key, fill);
}

/** Show what went wrong, in one sentence, at the foot of the window, until it is closed or replaced. */
export function complain(error) {
  if (error.name === "AbortError") return; // overtaken by a newer question
  byId("trouble-text").textContent = error.message;
  byId("trouble").hidden = false;
}

byId("trouble-close").addEventListener("click", () => (byId("trouble").hidden = true));
