// A server that isn't on this machine may want a token. It comes in the address behind #token=, which
// browsers never send anywhere, or is asked for; it is kept until the tab is closed.

import { byId } from "./dom.js";

const KEY = "shuzi.token";
let kept = read();
let asking = null;

export const token = () => kept;

/** Ask for the token; false where the person gives none. Questions that come meanwhile share the answer. */
export function askToken() {
  asking ??= new Promise((resolve) => {
    const dialog = byId("token-dialog");
    dialog.addEventListener(
      "close",
      () => {
        const given = dialog.returnValue === "ok" ? byId("token-field").value.trim() : "";
        byId("token-field").value = "";
        if (given) remember((kept = given));
        asking = null;
        resolve(given !== "");
      },
      { once: true },
    );
    dialog.showModal();
  });
  return asking;
}

function remember(given) {
  try {
    sessionStorage.setItem(KEY, given);
  } catch {
    // It then lasts until the page is loaded again.
  }
}

function read() {
  const given = /^#token=(.+)$/.exec(location.hash);
  if (given) {
    history.replaceState(null, "", location.pathname + location.search);
    const decoded = decodeURIComponent(given[1]);
    remember(decoded);
    return decoded;
  }
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
