// Room 2: pictures in, numbers out. Each picture is read in its turn, and shown with what was read.

import { announce, complain } from "../core/announce.js";
import { post } from "../core/api.js";
import { byId } from "../core/dom.js";
import { say } from "../core/i18n.js";
import { state } from "../core/state.js";
import { startExports } from "./exports.js";
import { startIntake } from "./intake.js";
import { Sheet } from "./sheet.js";

const sheets = []; // in the order in which they came; the newest are shown first
let queue = Promise.resolve();
let waiting = 0;
let finished = 0;

export function startPhoto() {
  startIntake(add);
  startExports(() => sheets);
  byId("photo-clear").addEventListener("click", () => {
    for (const sheet of [...sheets]) forget(sheet);
  });
  byId("photo-known").addEventListener("submit", (event) => {
    event.preventDefault();
    sheets.forEach(enqueue);
  });
}

function add(files) {
  for (const file of files) {
    const sheet = new Sheet(file, forget);
    sheets.push(sheet);
    byId("sheets").prepend(sheet.element);
    enqueue(sheet);
  }
  refresh();
}

function forget(sheet) {
  sheets.splice(sheets.indexOf(sheet), 1);
  sheet.close();
  refresh();
}

/** One picture is read at a time, so that a hundred of them don't crowd out the server. */
function enqueue(sheet) {
  sheet.wait();
  waiting += 1;
  progress();
  queue = queue.then(async () => {
    if (sheets.includes(sheet)) await read(sheet);
    finished += 1;
    if (finished === waiting) {
      waiting = 0;
      finished = 0;
      announce("photo.allRead", { n: sheets.length });
    }
    progress();
  });
}

async function read(sheet) {
  try {
    sheet.show((await post("read", { query: known(), body: sheet.file, type: typeOf(sheet.file) })).pages);
  } catch (error) {
    sheet.fail(error.message);
    if (error.status === 0) complain(error);
  }
}

function known() {
  const value = (name) => byId(`known-${name}`).value.trim();
  return {
    weights: state("weights"),
    detail: true,
    digits: value("digits"),
    pattern: value("pattern"),
    check: value("check"),
  };
}

/** Browsers don't know every kind of picture by its name; the server looks at the bytes anyway. */
const typeOf = (file) => file.type || "image/*";

function progress() {
  const bar = byId("photo-progress");
  byId("photo-busy").hidden = waiting < 2;
  bar.max = Math.max(1, waiting);
  bar.value = finished;
  say(byId("photo-progress-text"), "photo.progress", { done: finished, total: waiting });
}

function refresh() {
  byId("photo-actions").hidden = sheets.length === 0;
  byId("photo-empty").hidden = sheets.length > 0;
}
