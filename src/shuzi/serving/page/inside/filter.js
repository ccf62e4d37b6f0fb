// The tutorials' lesson on a photograph: nine numbers slid over it, or the largest of each window.

import { complain } from "../core/announce.js";
import { latest, post } from "../core/api.js";
import { byId, h } from "../core/dom.js";
import { say } from "../core/i18n.js";

const KERNELS = {
  edge: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  "sobel-x": [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  "sobel-y": [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  laplacian: [0, 1, 0, 1, -4, 1, 0, 1, 0],
  blur: [0.0625, 0.125, 0.0625, 0.125, 0.25, 0.125, 0.0625, 0.125, 0.0625],
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  tutorial: [-1, -1, -1, -1, -8, -1, -1, -1, -1],
};
const asking = latest();
let photograph = null;

export function startFilter() {
  const fields = byId("kernel-fields");
  for (let i = 0; i < 9; i++) {
    const field = h("input", { type: "number", step: "any", value: String(KERNELS.edge[i]), on: { input: apply } });
    fields.append(say(field, "filter.cell", { row: Math.floor(i / 3) + 1, column: (i % 3) + 1 }, "label"));
  }
  byId("kernel").addEventListener("change", choose);
  byId("filter-file").addEventListener("change", (event) => {
    photograph = event.target.files[0] ?? null;
    if (!photograph) return;
    URL.revokeObjectURL(byId("filter-before").src);
    byId("filter-before").src = URL.createObjectURL(photograph);
    apply();
  });
}

function choose() {
  const numbers = KERNELS[byId("kernel").value];
  byId("kernel-fields").hidden = !numbers;
  say(byId("filter-text"), `filter.${byId("kernel").value}`);
  if (numbers) [...byId("kernel-fields").children].forEach((field, i) => (field.value = String(numbers[i])));
  apply();
}

async function apply() {
  if (!photograph) return;
  const chosen = byId("kernel").value;
  const numbers = [...byId("kernel-fields").children].map((field) => Number(field.value) || 0).join(",");
  const query = chosen === "max-pool" ? { op: chosen } : { kernel: numbers };
  try {
    const type = photograph.type || "image/*";
    const result = await post("inside/filter", { query, body: photograph, type, signal: asking.next(), as: "blob" });
    URL.revokeObjectURL(byId("filter-after").src);
    byId("filter-after").src = URL.createObjectURL(result);
    byId("filter-pictures").hidden = false;
  } catch (error) {
    complain(error);
  }
}
