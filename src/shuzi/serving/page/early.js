// Runs before the first paint, so that a chosen language or theme doesn't flash past in the other one.
(() => {
  const root = document.documentElement;
  let language = null;
  let theme = null;
  try {
    language = localStorage.getItem("shuzi.language");
    theme = localStorage.getItem("shuzi.theme");
  } catch {
    // Storage may be forbidden: the browser's own language and theme are used then.
  }
  const chinese = language ? language === "zh" : /^zh\b/i.test(navigator.language || "");
  root.lang = chinese ? "zh-CN" : "en";
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
})();
