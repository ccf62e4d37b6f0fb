// The choice of net, shared by the rooms: those that come with shuzi and those trained here.

import { complain } from "./announce.js";
import { get } from "./api.js";
import { byId, h } from "./dom.js";
import { say } from "./i18n.js";
import { sayRecipe } from "./recipes.js";
import { setState, state } from "./state.js";

/** Ask which nets there are; `choose` names the one to use from now on, where it is among them. */
export async function loadNets(choose = null) {
  try {
    const { models } = await get("models");
    setState("models", models);
    const wanted = choose ?? state("weights");
    const chosen = models.find((model) => model.name === wanted) ?? models.find((model) => model.default) ?? models[0];
    fill(models, chosen.name);
    pick(chosen.name);
  } catch (error) {
    complain(error);
  }
}

export function startNets() {
  byId("net").addEventListener("change", (event) => pick(event.target.value));
  return loadNets();
}

function fill(models, chosen) {
  const group = (label, members) =>
    members.length && say(h("optgroup", {}, members.map((model) => option(model, chosen))), label, {}, "optgroup");
  byId("net").replaceChildren(
    ...[
      group("nets.shipped", models.filter((model) => model.shipped)),
      group("nets.yours", models.filter((model) => !model.shipped)),
    ].filter(Boolean),
  );
}

const option = (model, chosen) => {
  const item = sayRecipe(h("option", { value: model.name }), model.title || model.name);
  item.selected = model.name === chosen;
  return item;
};

function pick(name) {
  const model = state("models").find((other) => other.name === name);
  const facts = byId("net-facts");
  if (model.accuracy === null || model.accuracy === undefined) say(facts, "nets.size", { n: model.parameters });
  else say(facts, "nets.facts", { n: model.parameters, p: model.accuracy });
  if (name !== state("weights")) setState("weights", name);
}
