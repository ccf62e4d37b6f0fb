// What was read, to take along: as text, CSV (the columns of `shuzi read --format csv`) or JSON lines.

import { announce, complain } from "../core/announce.js";
import { byId, download } from "../core/dom.js";
import { say, t } from "../core/i18n.js";

const COLUMNS = ["source", "page", "text", "confidence", "accepted", "x", "y", "width", "height", "error"];

export function startExports(sheets) {
  byId("copy").addEventListener("click", async () => {
    try {
      await copy(asText(sheets()));
      say(byId("copy"), "photo.copied");
      announce("photo.copied");
      setTimeout(() => say(byId("copy"), "photo.copy"), 2000);
    } catch (error) {
      complain(error);
    }
  });
  byId("csv").addEventListener("click", () => download("numbers.csv", file(asCsv(sheets()), "text/csv")));
  byId("json").addEventListener("click", () => download("numbers.jsonl", file(asJson(sheets()), "application/x-ndjson")));
}

const file = (text, type) => new Blob([text], { type: `${type};charset=utf-8` });

async function copy(text) {
  // Away from localhost and HTTPS, browsers have no clipboard to offer.
  if (!navigator.clipboard) throw new Error(t("photo.noClipboard"));
  await navigator.clipboard.writeText(text);
}

const textOf = (number) => number.corrected ?? number.text;

export function asText(sheets) {
  return sheets.flatMap(({ pages }) => pages.flatMap((page) => page.numbers.map(textOf))).join("\n");
}

/** A number that a person corrected is accepted: they looked. */
export function asCsv(sheets) {
  const rows = [COLUMNS];
  for (const { file: source, pages, error } of sheets) {
    if (error) rows.push([source.name, 1, "", "", "", "", "", "", "", error]);
    for (const page of pages) {
      for (const number of page.numbers) {
        const accepted = number.corrected !== undefined || number.accepted;
        rows.push([source.name, page.page, textOf(number), number.confidence, accepted, ...number.box, ""]);
      }
      if (!page.numbers.length) rows.push([source.name, page.page, "", "", "", "", "", "", "", page.error ?? ""]);
    }
  }
  return rows.map((row) => `${row.map(cell).join(",")}\n`).join("");
}

/** A text that a spreadsheet would take for a formula is kept a text by a leading apostrophe. */
function cell(value) {
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function asJson(sheets) {
  const lines = sheets.flatMap(({ file: source, pages, error }) =>
    error
      ? [{ source: source.name, page: 1, width: null, height: null, numbers: [], error }]
      : pages.map((page) => ({ ...page, source: source.name, numbers: page.numbers.map(plain) })),
  );
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** A number as the command line writes it: without what only the page needs. */
function plain({ corrected, digits, ...number }) {
  const bare = digits.map(({ value, confidence, box }) => ({ value, confidence, box }));
  if (corrected === undefined) return { ...number, digits: bare };
  return { ...number, text: corrected, read: number.text, corrected: true, accepted: true, digits: bare };
}
