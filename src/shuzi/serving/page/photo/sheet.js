// One file of a person's: its pages with boxes over them, and beside each the numbers that were read.

import { complain } from "../core/announce.js";
import { h } from "../core/dom.js";
import { say } from "../core/i18n.js";
import { state } from "../core/state.js";
import { keepCorrection } from "../write/corrections.js";
import { drawBoxes } from "./boxes.js";
import { numberItem } from "./number.js";

export class Sheet {
  pages = []; // as the API gives them; numbers gain `corrected`, a text, where a person changed them
  error = null;

  constructor(file, forget) {
    this.file = file;
    this.url = URL.createObjectURL(file);
    this.status = h("p", { class: "sheet-status" });
    this.body = h("div", { class: "sheet-pages" });
    const close = h("button", { type: "button", class: "quiet", on: { click: () => forget(this) } });
    say(close, "photo.remove");
    say(close, "photo.removeLabel", { name: file.name }, "label");
    this.element = h(
      "article",
      { class: "sheet", "aria-label": file.name },
      h("header", {}, h("h3", {}, file.name), close),
      this.status,
      this.body,
    );
  }

  wait() {
    this.element.setAttribute("aria-busy", "true");
    say(this.status, "photo.waiting");
    this.status.classList.remove("failed");
  }

  fail(message) {
    this.#settle();
    this.error = message;
    this.pages = [];
    this.body.replaceChildren();
    this.status.removeAttribute("data-t");
    this.status.textContent = message;
    this.status.classList.add("failed");
  }

  show(pages) {
    this.#settle();
    this.error = null;
    this.pages = pages;
    const numbers = pages.flatMap((page) => page.numbers);
    const unsure = numbers.filter((number) => !number.accepted).length;
    if (!numbers.length) say(this.status, "photo.none");
    else if (unsure) say(this.status, "photo.foundUnsure", { n: numbers.length, unsure });
    else say(this.status, "photo.found", { n: numbers.length });
    this.body.replaceChildren(...pages.map((page) => this.#page(page)));
  }

  close() {
    this.element.remove();
    URL.revokeObjectURL(this.url);
  }

  #settle() {
    this.element.removeAttribute("aria-busy");
  }

  #page(page) {
    if (page.error) return h("p", { class: "sheet-status failed" }, page.error);
    const picture = this.#picture(page);
    const boxes = drawBoxes(picture, page);
    const list = h("ol", { class: "numbers" });
    page.numbers.forEach((number, i) => {
      const item = numberItem(number, (text) => {
        boxes[i].correct(text);
        this.#keep(number, text);
      });
      // Whichever of the two is pointed at or focused, its partner shows it too.
      for (const [one, other] of [[item, boxes[i].element], [boxes[i].element, item]])
        for (const [on, off] of [["pointerenter", "pointerleave"], ["focusin", "focusout"]]) {
          one.addEventListener(on, () => other.classList.add("lit"));
          one.addEventListener(off, () => other.classList.remove("lit"));
        }
      boxes[i].element.addEventListener("click", () => item.querySelector("input").focus());
      list.append(item);
    });
    return h("div", { class: "sheet-page" }, picture, list);
  }

  /** The picture, or a blank sheet of its size where the browser can't show it (TIFF, PDF, HEIC). */
  #picture(page) {
    const image = h("img", { src: this.url });
    say(image, "photo.alt", { name: this.file.name }, "alt");
    const frame = h("div", { class: "picture" }, image);
    frame.style.setProperty("--aspect", page.width / page.height);
    image.addEventListener("error", () => {
      image.remove();
      frame.classList.add("unseen-file");
      frame.append(say(h("p", {}), "photo.unseen", { page: page.page }));
    });
    return frame;
  }

  /** A corrected number whose length is right teaches each digit that was read wrongly. */
  async #keep(number, text) {
    if (text.length !== number.digits.length || !/^\d+$/.test(text)) return;
    const weights = state("weights");
    try {
      for (const [i, digit] of number.digits.entries()) {
        const label = Number(text[i]);
        if (label !== digit.value && digit.image)
          await keepCorrection({ image: digit.image, label, answer: digit.value, weights, picture: null });
      }
    } catch (error) {
      complain(error);
    }
  }
}
