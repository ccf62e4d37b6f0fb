// What to train: a time that it may take, or one particular net.

import { complain } from "../core/announce.js";
import { get } from "../core/api.js";
import { byId, h } from "../core/dom.js";
import { has, onLanguage, say } from "../core/i18n.js";
import { recipeText, sayRecipe } from "../core/recipes.js";

let recipes = [];

export function startForm(start) {
  byId("train-form").addEventListener("submit", (event) => {
    event.preventDefault();
    start(wish());
  });
  byId("train-form").addEventListener("change", showChoice);
  onLanguage(() => recipes.length && showChoice());
  load();
}

function wish() {
  const budget = chosenBudget();
  const epochs = byId("train-epochs").value;
  return {
    ...(budget ? { budget } : { recipe: byId("recipe").value }),
    seed: Number(byId("train-seed").value) || 0,
    epochs: epochs === "" ? null : Number(epochs),
    corrections: byId("train-corrections").checked,
  };
}

const chosenBudget = () => byId("train-form").elements.budget.value;

async function load() {
  try {
    const answer = await get("recipes");
    recipes = answer.recipes;
    byId("train-missing").hidden = answer.available;
    byId("train-start").disabled = !answer.available;
    byId("train-install").textContent = answer.install ?? "";
    byId("budgets").replaceChildren(...answer.budgets.map(budgetChoice), budgetChoice(""));
    byId("recipe").replaceChildren(
      ...recipes.map((recipe) => sayRecipe(h("option", { value: recipe.name }), recipe.title || recipe.name)),
    );
    byId("train-form").elements.budget.value = answer.budgets.includes("10s") ? "10s" : (answer.budgets[0] ?? "");
    showChoice();
  } catch (error) {
    complain(error);
  }
}

function budgetChoice(budget) {
  const text = h("span", {});
  const key = `budget.${budget || "recipe"}`;
  if (has(key)) say(text, key);
  else text.textContent = budget;
  return h("label", { class: "choice" }, h("input", { type: "radio", name: "budget", value: budget }), text);
}

function showChoice() {
  const byRecipe = chosenBudget() === "";
  byId("recipe-row").hidden = !byRecipe;
  const recipe = recipes.find((one) => one.name === byId("recipe").value);
  const facts = byId("recipe-facts");
  facts.hidden = !byRecipe || !recipe;
  if (facts.hidden) return;
  const lines = [];
  if (recipe.parameters) lines.push(say(h("span", {}), "nets.size", { n: recipe.parameters }));
  if (recipe.expected?.accuracy) lines.push(say(h("span", {}), "train.expected", { p: recipe.expected.accuracy / 100 }));
  const { tutorial, claim, fault } = recipe.source ?? {};
  if (tutorial) lines.push(sayRecipe(h("span", {}), tutorial));
  if (claim) lines.push(say(h("span", {}), "train.claim", { claim: recipeText(claim) }));
  if (fault) lines.push(sayRecipe(h("span", {}), fault));
  facts.replaceChildren(...lines);
}
