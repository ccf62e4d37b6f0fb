// Room 1: write a digit or a number, and read the answer after each stroke.

import { complain } from "../core/announce.js";
import { latest, post } from "../core/api.js";
import { byId, h } from "../core/dom.js";
import { say } from "../core/i18n.js";
import { state, watch } from "../core/state.js";
import { room } from "../core/tabs.js";
import { showAnswer } from "./answer.js";
import { compareNets, startCompare } from "./compare.js";
import { closeWrong, startCorrections } from "./corrections.js";
import { HEIGHT } from "./ink.js";
import { Pad } from "./pad.js";
import { writeSample } from "./samples.js";

const reading = latest();

export function startWrite() {
  const pad = new Pad(byId("pad"));
  pad.addEventListener("change", () => {
    showHistory(pad);
    closeWrong();
    read(pad);
    compareNets();
  });
  watch("weights", () => read(pad));
  byId("undo").addEventListener("click", () => pad.undo());
  byId("redo").addEventListener("click", () => pad.redo());
  byId("clear").addEventListener("click", () => pad.clear());
  byId("stroke-width").addEventListener("input", (event) => (pad.strokeWidth = Number(event.target.value)));
  document.addEventListener("keydown", (event) => shortcut(event, pad));
  startSamples(pad);
  startCompare(pad);
  startCorrections(pad);
  showHistory(pad);
  showAnswer(null);
}

async function read(pad) {
  if (pad.empty) {
    reading.stop();
    showAnswer(null);
    return;
  }
  const began = performance.now();
  const signal = reading.next(); // overtakes the question about fewer strokes
  try {
    const body = await pad.png();
    const query = { weights: state("weights"), detail: true };
    const { pages } = await post("read", { query, body, type: "image/png", signal });
    if (pages[0].error) throw new Error(pages[0].error);
    showAnswer(pages[0], performance.now() - began);
  } catch (error) {
    complain(error);
  }
}

function showHistory(pad) {
  byId("undo").disabled = !pad.canUndo;
  byId("redo").disabled = !pad.canRedo;
  byId("clear").disabled = pad.empty;
  byId("pad-hint").hidden = !pad.empty;
}

function shortcut(event, pad) {
  if (room() !== "write" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.target.closest("input:not([type=range]), textarea, dialog")) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) pad.undo();
  else if (key === "y" || (key === "z" && event.shiftKey)) pad.redo();
  else return;
  event.preventDefault();
}

function startSamples(pad) {
  let busy = false;
  const write = async (value) => {
    if (busy) return;
    busy = true;
    await writeSample(pad, value, HEIGHT);
    busy = false;
  };
  byId("samples").append(
    ...Array.from({ length: 10 }, (_, value) => {
      const button = h("button", { type: "button", class: "chip", on: { click: () => write(value) } }, String(value));
      return say(button, "write.sample", { digit: String(value) }, "label");
    }),
  );
}
