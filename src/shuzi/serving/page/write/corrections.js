// "That's wrong": say what the digit was. It is kept on this machine, to learn from.

import { announce, complain } from "../core/announce.js";
import { get, post, remove } from "../core/api.js";
import { digitCanvas } from "../core/digit.js";
import { byId, download, h } from "../core/dom.js";
import { currentLanguage, onLanguage, say } from "../core/i18n.js";
import { state } from "../core/state.js";
import { chosenDigit } from "./answer.js";

export function startCorrections(pad) {
  byId("wrong").addEventListener("click", () => toggle(byId("wrong-form").hidden));
  byId("wrong-digits").append(
    ...Array.from({ length: 10 }, (_, label) =>
      h("button", { type: "button", class: "chip", on: { click: () => keepChosen(label, pad) } }, String(label)),
    ),
  );
  byId("corrections").addEventListener("toggle", () => byId("corrections").open && loadCorrections());
  byId("corrections-export").addEventListener("click", exportAll);
  onLanguage(() => byId("corrections").open && loadCorrections());
  loadCorrections();
}

/** Put the question away, once what it was about has changed. */
export function closeWrong() {
  toggle(false);
  byId("wrong-thanks").replaceChildren();
}

/** Keep a digit with what it was; `picture` is the PNG that it was read from, or null. */
export async function keepCorrection({ image, label, answer, weights, picture }) {
  await post("corrections", { json: { image, label, answer, weights, picture: picture && (await base64(picture)) } });
  await loadCorrections();
}

function toggle(open) {
  byId("wrong-form").hidden = !open;
  byId("wrong").setAttribute("aria-expanded", String(open));
  if (open) byId("wrong-digits").firstElementChild.focus();
}

async function keepChosen(label, pad) {
  const digit = chosenDigit();
  try {
    const picture = await pad.png();
    await keepCorrection({ image: digit.image, label, answer: digit.value, weights: state("weights"), picture });
    toggle(false);
    say(byId("wrong-thanks"), "corrections.kept", { label: String(label) });
    announce("corrections.kept", { label: String(label) });
    byId("wrong").focus();
    setTimeout(() => byId("wrong-thanks").replaceChildren(), 6000);
  } catch (error) {
    complain(error);
  }
}

async function loadCorrections() {
  try {
    const { corrections } = await get("corrections");
    say(byId("corrections-title"), "corrections.title", { n: corrections.length });
    byId("corrections-none").hidden = corrections.length > 0;
    byId("corrections-export").hidden = corrections.length === 0;
    byId("corrections-list").replaceChildren(...corrections.map(item));
  } catch (error) {
    complain(error);
  }
}

function item({ id, image, label, answer, weights, created }) {
  const text = h("p", {}, say(h("b", {}), "corrections.was", { label: String(label) }));
  if (answer !== null) text.append(say(h("span", { class: "soft" }), "corrections.read", { answer: String(answer) }));
  const when = new Date(created).toLocaleString(currentLanguage() === "zh" ? "zh-CN" : "en", { dateStyle: "medium" });
  text.append(h("small", {}, `${weights ?? ""} ${when}`));
  const button = h("button", { type: "button", class: "quiet", on: { click: () => forget(id) } });
  say(button, "corrections.delete");
  say(button, "corrections.deleteLabel", { label: String(label) }, "label");
  return h("li", {}, digitCanvas(image, { "aria-hidden": "true" }), text, button);
}

async function forget(id) {
  try {
    await remove(`corrections/${encodeURIComponent(id)}`);
    await loadCorrections();
    announce("corrections.deleted");
    byId("corrections-title").focus();
  } catch (error) {
    complain(error);
  }
}

async function exportAll() {
  try {
    download("corrections.zip", await get("corrections/export", { as: "blob" }));
  } catch (error) {
    complain(error);
  }
}

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
