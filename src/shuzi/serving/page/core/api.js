// The one way to the server. Addresses are relative, so that the page also works below a path.

import { t } from "./i18n.js";
import { askToken, token } from "./token.js";

/** What the server refused, in its own clear sentence (RFC 9457 `detail`). */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.name = "Problem";
    this.status = status;
  }
}

/** Call the API. `query`: parameters, empty ones are left out; `json` or `body`: what is sent; `as`: json or blob. */
export async function call(method, path, { query = {}, json, body, type, signal, as = "json" } = {}) {
  const asked = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  const headers = {};
  if (json !== undefined) headers["Content-Type"] = "application/json";
  else if (type) headers["Content-Type"] = type;
  if (token()) headers.Authorization = `Bearer ${token()}`;
  let answer;
  try {
    answer = await fetch(`v1/${path}${search ? `?${search}` : ""}`, {
      method,
      headers,
      body: json === undefined ? body : JSON.stringify(json),
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, t("trouble.unreachable"));
  }
  if (answer.status === 401 && (await askToken()))
    return call(method, path, { query, json, body, type, signal, as });
  if (!answer.ok) throw new Problem(answer.status, await sentence(answer));
  if (answer.status === 204) return null;
  return as === "blob" ? answer.blob() : answer.json();
}

export const get = (path, options) => call("GET", path, options);
export const post = (path, options) => call("POST", path, options);
export const remove = (path) => call("DELETE", path);

async function sentence(answer) {
  try {
    const problem = await answer.json();
    return problem.detail || problem.title || t("trouble.status", { status: answer.status });
  } catch {
    return t("trouble.status", { status: String(answer.status) });
  }
}

/** Questions of which only the newest matters: each call aborts the one before it. */
export function latest() {
  let controller = null;
  return {
    next() {
      controller?.abort();
      controller = new AbortController();
      return controller.signal;
    },
    stop: () => controller?.abort(),
  };
}
