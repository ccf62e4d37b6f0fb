// The pad of `shuzi.pad()`, a widget for Jupyter, VS Code and marimo (anywidget): write with pen, finger or
// mouse. At the end of each stroke the drawing goes to Python, which reads it and sends the answer back.

const WORDS = {
  en: {
    sheet: "Sheet to write digits on",
    undo: "Undo",
    clear: "Clear",
    hint: "Write a number here.",
    reading: "reading …",
    none: "no digit found",
    check: "please check",
  },
  zh: {
    sheet: "书写数字的画板",
    undo: "撤销",
    clear: "清除",
    hint: "在这里写一个数。",
    reading: "识别中……",
    none: "没有找到数字",
    check: "请核对",
  },
};
const CHINESE = /^zh\b/i;

function render({ model, el }) {
  const words = CHINESE.test(navigator.language) ? WORDS.zh : WORDS.en;
  const [width, height] = [model.get("width"), model.get("height")];
  const sheet = create("canvas", { width, height, tabIndex: 0, className: "shuzi-sheet" });
  sheet.setAttribute("role", "img");
  sheet.setAttribute("aria-label", words.sheet);
  const undo = create("button", { type: "button", textContent: words.undo });
  const clear = create("button", { type: "button", textContent: words.clear });
  const answer = create("output", { className: "shuzi-answer" });
  const bar = create("div", { className: "shuzi-bar" });
  bar.append(undo, clear, answer);
  el.classList.add("shuzi-pad");
  el.append(sheet, bar);

  const ending = new AbortController();
  const listen = (target, type, handler) => target.addEventListener(type, handler, { signal: ending.signal });
  let stroke = null; // the one that is being written: [x, y] pairs in pixels of the drawing

  const paint = () => {
    const strokes = model.get("strokes");
    const ink = getComputedStyle(sheet).color;
    drawStrokes(sheet.getContext("2d"), stroke ? [...strokes, stroke] : strokes, ink, model.get("pen"));
    undo.disabled = clear.disabled = !strokes.length;
  };
  const tell = () => {
    const { text, confidence, accepted, error } = model.get("answer");
    answer.classList.toggle("shuzi-doubt", accepted === false);
    if (error) answer.textContent = error;
    else if (!model.get("strokes").length) answer.textContent = words.hint;
    else if (text) answer.textContent = `${text.replaceAll("\n", "  ")}   ${percent(confidence)}` + (accepted ? "" : `   ${words.check}`);
    else answer.textContent = words.none;
  };
  const change = (strokes) => {
    model.set("strokes", strokes);
    model.set("drawing", grey(strokes, width, height, model.get("pen")));
    model.save_changes();
    answer.textContent = words.reading;
    paint();
  };

  listen(sheet, "pointerdown", (event) => {
    if (stroke || event.button !== 0) return;
    event.preventDefault();
    sheet.setPointerCapture(event.pointerId);
    stroke = [place(sheet, event)];
    paint();
  });
  listen(sheet, "pointermove", (event) => {
    if (!stroke || !sheet.hasPointerCapture(event.pointerId)) return;
    const events = event.getCoalescedEvents?.() ?? [];
    stroke.push(...(events.length ? events : [event]).map((one) => place(sheet, one)));
    paint();
  });
  const end = (event) => {
    if (!stroke || !sheet.hasPointerCapture(event.pointerId)) return;
    const finished = stroke;
    stroke = null;
    change([...model.get("strokes"), finished]);
  };
  listen(sheet, "pointerup", end);
  listen(sheet, "pointercancel", end);
  const takeBack = () => change(model.get("strokes").slice(0, -1));
  listen(undo, "click", takeBack);
  listen(clear, "click", () => change([]));
  listen(sheet, "keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && model.get("strokes").length) {
      event.preventDefault();
      event.stopPropagation(); // it is not the notebook's to undo
      takeBack();
    }
  });

  // The ink's colour is the page's text colour, which changes with the theme of the notebook or the system.
  const theme = new MutationObserver(paint);
  for (const root of [document.documentElement, document.body]) theme.observe(root, { attributes: true });
  listen(matchMedia("(prefers-color-scheme: dark)"), "change", paint);
  model.on("change:strokes", paint);
  model.on("change:answer", tell);
  paint();
  tell();
  return () => {
    ending.abort();
    theme.disconnect();
    model.off("change:strokes", paint);
    model.off("change:answer", tell);
  };
}

function create(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function percent(share) {
  const shown = (100 * share).toFixed(1);
  return `${shown === "100.0" && share < 1 - 5e-7 ? "99.9" : shown} %`;
}

/** Where a pointer is, in pixels of the drawing; the sheet may be shown at another size. */
function place(sheet, event) {
  const box = sheet.getBoundingClientRect();
  const round = (value) => Math.round(10 * value) / 10;
  return [
    round(((event.clientX - box.left) * sheet.width) / box.width),
    round(((event.clientY - box.top) * sheet.height) / box.height),
  ];
}

function drawStrokes(context, strokes, ink, pen) {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.strokeStyle = ink;
  context.lineWidth = pen;
  context.lineCap = context.lineJoin = "round";
  for (const [first, ...rest] of strokes) {
    context.beginPath();
    context.moveTo(...first);
    let last = first;
    for (const point of rest) {
      // Curves through the middles between points: a fast pointer leaves few.
      context.quadraticCurveTo(...last, (last[0] + point[0]) / 2, (last[1] + point[1]) / 2);
      last = point;
    }
    // A line of no length isn't drawn by every browser: a tap is a very short one.
    context.lineTo(last[0] + (rest.length ? 0 : 0.01), last[1]);
    context.stroke();
  }
}

/** The drawing as Python gets it: a byte a pixel, rows first, black ink on white, whatever the theme is. */
function grey(strokes, width, height, pen) {
  const canvas = create("canvas", { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  drawStrokes(context, strokes, "#000", pen);
  const pixels = context.getImageData(0, 0, width, height).data;
  const bytes = new Uint8Array(width * height);
  for (let i = 0; i < bytes.length; i++) bytes[i] = 255 - pixels[4 * i + 3];
  return new DataView(bytes.buffer);
}

export default { render };
