// Room 4: start trainings, watch them, compare them, use what they leave. The server trains; this only looks,
// so a run survives the page being closed.

import { announce, complain } from "../core/announce.js";
import { get, post } from "../core/api.js";
import { byId } from "../core/dom.js";
import { onLanguage, say } from "../core/i18n.js";
import { recipeText } from "../core/recipes.js";
import { onEnter, room } from "../core/tabs.js";
import { showCharts } from "./curves.js";
import { startForm } from "./form.js";
import { RunCard } from "./run-card.js";
import { closeScore } from "./score.js";

const EVERY = 500; // milliseconds between looks at runs that go
const cards = new Map(); // run's id -> its card, the newest first
let timer = 0;
let looking = false;
let again = false;

export function startTrain() {
  startForm(start);
  onEnter("train", refresh);
  onLanguage(() => charts());
}

async function start(wish) {
  try {
    const run = await post("runs", { json: wish });
    announce("train.saidStarted", { title: recipeText(run.title) });
    await refresh();
  } catch (error) {
    complain(error);
  }
}

/** Bring all cards up to date, then come back while a run goes and somebody looks. */
async function refresh() {
  clearTimeout(timer);
  again = true; // what changed since a look that is under way wants another one
  if (looking) return;
  looking = true;
  while (again) {
    again = false;
    await look();
  }
  looking = false;
  if (room() === "train" && [...cards.values()].some((card) => card.running)) timer = setTimeout(refresh, EVERY);
}

async function look() {
  try {
    const { runs } = await get("runs");
    for (const id of [...cards.keys()]) if (!runs.some((run) => run.id === id)) drop(id);
    for (const run of runs) await bring(run);
    order(runs);
    charts();
  } catch (error) {
    complain(error);
  }
}

async function bring(run) {
  let card = cards.get(run.id);
  if (!card) {
    card = new RunCard(run, { changed: refresh, compared: charts });
    cards.set(run.id, card);
  } else if (card.settled(run)) return;
  const went = card.running;
  card.take(await get(`runs/${encodeURIComponent(run.id)}`, { query: { after: card.seen } }));
  if (went && card.run.status === "done") announce("train.saidDone", { title: recipeText(card.run.title) });
}

function drop(id) {
  cards.get(id).element.remove();
  cards.delete(id);
  closeScore(id);
}

function order(runs) {
  const newest = [...runs].sort((a, b) => b.started.localeCompare(a.started));
  const list = byId("runs");
  newest.forEach((run, i) => {
    const { element } = cards.get(run.id);
    if (list.children[i] !== element) list.insertBefore(element, list.children[i] ?? null);
  });
  byId("runs-none").hidden = runs.length > 0;
  say(byId("runs-title"), "train.runs", { n: runs.length });
}

function charts() {
  showCharts([...cards.values()].filter((card) => card.compared));
}
