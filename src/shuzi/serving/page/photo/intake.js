// Ways in for pictures: drop, paste, choose, or the camera.

import { byId } from "../core/dom.js";
import { room } from "../core/tabs.js";

export function startIntake(add) {
  const zone = byId("drop");
  for (const id of ["choose", "camera"])
    byId(id).addEventListener("change", (event) => {
      add([...event.target.files]);
      event.target.value = ""; // so that the same file can be chosen again
    });

  // The whole room takes drops: who misses the zone shouldn't have the page replaced by the picture.
  document.addEventListener("dragover", (event) => {
    if (room() !== "photo" || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) zone.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    if (room() !== "photo" || !event.dataTransfer.files.length) return;
    event.preventDefault();
    zone.classList.remove("over");
    add([...event.dataTransfer.files]);
  });

  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (room() !== "photo" || !files.length) return;
    event.preventDefault();
    add(files);
  });
}
