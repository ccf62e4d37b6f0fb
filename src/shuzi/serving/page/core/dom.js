// Elements made in code. Texts only ever become text nodes, so that no file name or answer can be HTML.

const SVG = "http://www.w3.org/2000/svg";

/** The one element of the document with this id. */
export const byId = (id) => document.getElementById(id);

/** An HTML element: `props` are attributes, `class`, `on` (event -> handler) and properties such as `value`. */
export function h(tag, props = {}, ...children) {
  return furnish(document.createElement(tag), props, children);
}

/** An SVG element, furnished like those of `h`. */
export function svg(tag, props = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), props, children);
}

function furnish(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Where a box lies in its parent, as shares of it: through CSSOM, since the policy allows no style attributes. */
export function place(element, [x, y, width, height], [wholeWidth, wholeHeight]) {
  element.style.left = `${(100 * x) / wholeWidth}%`;
  element.style.top = `${(100 * y) / wholeHeight}%`;
  element.style.width = `${(100 * width) / wholeWidth}%`;
  element.style.height = `${(100 * height) / wholeHeight}%`;
  return element;
}

/** Hand a file to the person: what it is called and what is in it. */
export function download(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
