// Language and theme: switched here, remembered, and by default what the browser prefers.

import { byId } from "./dom.js";
import { currentLanguage, say, setLanguage } from "./i18n.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const repaints = [];

/** Run something when the colours change: what is drawn on canvases. */
export const onTheme = (run) => repaints.push(run);

/** A colour or length of the style sheet, by its name without the dashes. */
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function startSettings() {
  showTheme();
  showLanguage();
  byId("language").addEventListener("click", () => {
    const next = currentLanguage() === "zh" ? "en" : "zh";
    remember("language", next);
    setLanguage(next);
    showLanguage();
  });
  byId("theme").addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    remember("theme", next);
    themeChanged();
  });
  dark.addEventListener("change", themeChanged);
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : dark.matches;
}

function themeChanged() {
  showTheme();
  for (const run of repaints) run();
}

function showTheme() {
  say(byId("theme"), isDark() ? "theme.toLight" : "theme.toDark", {}, "label");
  byId("theme").dataset.now = isDark() ? "dark" : "light";
}

/** The button is written in the language that it leads to, for those who can't read the other. */
function showLanguage() {
  const chinese = currentLanguage() === "zh";
  byId("language").textContent = chinese ? "English" : "中文";
  byId("language").lang = chinese ? "en" : "zh-CN";
}

function remember(name, value) {
  try {
    localStorage.setItem(`shuzi.${name}`, value);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}
