// What recipes say of themselves: English as in their files, or Chinese; those of your own stay as you named them.

import { currentLanguage, onLanguage } from "./i18n.js";
import { recipesZh } from "./recipes-zh.js";

/** A recipe's text in the page's language, where it is known in it. */
export const recipeText = (text) => (currentLanguage() === "zh" && recipesZh[text]) || text;

/** Write a recipe's text into an element; a change of language writes it again. */
export function sayRecipe(element, text) {
  element.dataset.recipe = text;
  element.textContent = recipeText(text);
  return element;
}

onLanguage(() => {
  for (const element of document.querySelectorAll("[data-recipe]")) sayRecipe(element, element.dataset.recipe);
});
