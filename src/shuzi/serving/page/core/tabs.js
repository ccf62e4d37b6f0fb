// The four rooms as tabs: arrow keys, Home and End move between them; the address names the room.

import { byId } from "./dom.js";

const ROOMS = ["write", "photo", "inside", "train"];
const entered = new Map();
let current = null;

export const room = () => current;

/** Run something each time a room is entered. */
export const onEnter = (name, run) => entered.set(name, run);

export function startTabs() {
  for (const name of ROOMS) byId(`tab-${name}`).addEventListener("click", () => go(name));
  byId("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = ROOMS.indexOf(current);
    let next = null;
    if (step) next = ROOMS[(at + step + ROOMS.length) % ROOMS.length];
    else if (event.key === "Home") next = ROOMS[0];
    else if (event.key === "End") next = ROOMS.at(-1);
    if (next === null) return;
    event.preventDefault();
    go(next);
    byId(`tab-${next}`).focus();
  });
  addEventListener("hashchange", () => show(wanted()));
  show(wanted());
}

export function go(name) {
  if (name === current) return;
  location.hash = name;
  show(name);
  scrollTo(0, 0);
}

function wanted() {
  const name = location.hash.slice(1);
  return ROOMS.includes(name) ? name : ROOMS[0];
}

function show(name) {
  if (name === current) return;
  current = name;
  for (const other of ROOMS) {
    const tab = byId(`tab-${other}`);
    tab.setAttribute("aria-selected", String(other === name));
    tab.tabIndex = other === name ? 0 : -1;
    byId(`room-${other}`).hidden = other !== name;
  }
  document.documentElement.dataset.room = name;
  entered.get(name)?.();
}
