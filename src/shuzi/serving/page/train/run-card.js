// One run: how far it is, how well it does, and what can be done with it.

import { complain } from "../core/announce.js";
import { post, remove } from "../core/api.js";
import { h } from "../core/dom.js";
import { figure, say } from "../core/i18n.js";
import { loadNets } from "../core/nets.js";
import { sayRecipe } from "../core/recipes.js";
import { go } from "../core/tabs.js";
import { showScore } from "./score.js";

const goes = (run) => run.status === "running" || run.status === "queued";
let made = 0;

export class RunCard {
  live = []; // every entry so far
  seen = 0;

  constructor(run, { changed, compared }) {
    this.run = run;
    this.style = made++ % 5; // its colour and dashes in the charts
    this.changed = changed;
    this.box = h("input", { type: "checkbox", checked: true, on: { change: compared } });
    this.state = h("span", { class: "run-state" });
    this.bar = h("progress", { max: 1, value: 0 });
    say(this.bar, "train.bar", {}, "label");
    this.facts = h("p", { class: "run-facts" });
    this.error = h("p", { class: "failed", hidden: true });
    this.actions = h("div", { class: "actions" });
    const line = h("span", { class: `run-line run-${this.style}`, "aria-hidden": "true" });
    const name = h("span", {}, sayRecipe(h("span", {}), run.title || run.recipe), ` · ${run.seed}`);
    this.element = h(
      "li",
      { class: "run" },
      h("header", {}, h("label", { class: "run-name" }, this.box, line, name), this.state),
      this.bar,
      this.facts,
      this.error,
      this.actions,
    );
  }

  /** True while it trains or waits for its turn. */
  get running() {
    return goes(this.run);
  }
  get compared() {
    return this.box.checked;
  }

  /** True where nothing can have changed since the last look. */
  settled(run) {
    return !goes(run) && run.status === this.run.status && run.weights === this.run.weights;
  }

  /** Take what the server says of the run; `live` holds only what is new. */
  take(run) {
    const fresh = run.live ?? [];
    // A resumed run starts again behind its last checkpoint: what lay beyond is told anew.
    if (fresh.length) this.live = this.live.filter((entry) => entry.step < fresh[0].step);
    this.live.push(...fresh);
    this.seen += fresh.length;
    const before = this.run;
    this.run = run;
    this.#show();
    if (before.status !== run.status || !this.actions.hasChildNodes() || before.weights !== run.weights) this.#offer();
    if (before.weights !== run.weights && run.weights) loadNets();
  }

  #show() {
    const { run } = this;
    say(this.state, `status.${run.status}`);
    this.state.dataset.status = run.status;
    this.bar.max = Math.max(1, run.steps ?? 1);
    this.bar.value = run.steps ? run.step : 0;
    this.bar.hidden = run.status === "done";
    const facts = [];
    const fact = (key, fill) => facts.push(say(h("span", {}), key, fill));
    if (run.status === "running" && !run.step) fact("train.starting");
    if (run.steps && run.status !== "done") fact("train.step", { step: run.step, steps: run.steps });
    if (this.running && run.samples_per_second) fact("train.speed", { n: Math.round(run.samples_per_second) });
    if (this.running && typeof run.seconds_left === "number") fact("train.left", { s: figure(run.seconds_left, run.seconds_left < 10 ? 1 : 0) });
    if (!this.running && run.seconds) fact("train.took", { s: figure(run.seconds, 1) });
    const checked = (run.history ?? []).findLast((row) => typeof row.validation_accuracy === "number");
    if (checked) fact("train.validation", { p: checked.validation_accuracy });
    if (typeof run.test_accuracy === "number") fact("train.test", { p: run.test_accuracy });
    this.facts.replaceChildren(...facts);
    this.error.hidden = !run.error;
    this.error.textContent = run.error ?? "";
  }

  #offer() {
    const { status, weights, id, title } = this.run;
    const offers = [];
    const offer = (key, run, className = "button") => {
      const button = h("button", { type: "button", class: className, on: { click: run } });
      say(button, key);
      offers.push(button);
    };
    if (status === "interrupted" || status === "failed") offer("train.resume", () => this.#ask("resume"));
    if (weights) {
      offer("train.use", () => this.#use(), "button primary");
      offer("train.score", () => showScore(id, title));
    }
    if (this.running) offer("train.stop", () => this.#ask("stop"));
    else offer("train.delete", () => this.#delete(), "quiet");
    this.actions.replaceChildren(...offers);
  }

  async #ask(what) {
    try {
      await post(`runs/${encodeURIComponent(this.run.id)}/${what}`);
      await this.changed();
    } catch (error) {
      complain(error);
    }
  }

  async #delete() {
    try {
      await remove(`runs/${encodeURIComponent(this.run.id)}`);
      await this.changed();
      await loadNets();
    } catch (error) {
      complain(error);
    }
  }

  async #use() {
    await loadNets(this.run.weights);
    go("write");
  }
}
