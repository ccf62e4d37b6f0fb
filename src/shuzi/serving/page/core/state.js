// What the rooms share: the nets there are, the chosen one, and the digit last written.

const values = {
  models: [], // as GET v1/models gives them
  weights: "champion", // the chosen net's name
  digit: null, // { image: 28 rows of 28, value, from: "pad" or "sample" }
};
const watchers = [];

export const state = (name) => values[name];

export function setState(name, value) {
  values[name] = value;
  for (const [watched, run] of watchers) if (watched === name) run(value);
}

/** Run something on every change of a value. */
export const watch = (name, run) => watchers.push([name, run]);
