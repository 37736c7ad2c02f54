// Copying the text of an area that is drawn on the picture of a page.
import { copyText } from "../../components/copy";
import type { PageWords } from "../../api/types";
import type { Rectangle } from "./hits";

/** The words whose middle is in the area, a line of them each. Pure. */
export function textIn(lines: PageWords["lines"], area: Rectangle): string {
  const inside = (from: number, length: number, start: number, size: number) => from + length / 2 >= start && from + length / 2 <= start + size;
  return lines
    .map((words) => words.filter(([x, y, width, height]) => inside(x, width, area.x, area.width) && inside(y, height, area.y, area.height)).map(([, , , , text]) => text).join(" "))
    .filter((line) => line !== "").join("\n");
}

/** Draws the area from this point of the window on until the pointer is let go. */
export function copyRegion(page: SVGSVGElement, words: PageWords, from: { x: number; y: number }): void {
  const drawn = document.body.appendChild(document.createElement("div"));
  drawn.className = "copied-region";
  const corners = (event: MouseEvent) => ({
    left: Math.min(from.x, event.clientX), top: Math.min(from.y, event.clientY), right: Math.max(from.x, event.clientX), bottom: Math.max(from.y, event.clientY),
  });
  const move = (event: MouseEvent) => {
    if (event.buttons === 0) return end(event); // it was let go before this began to listen
    const { left, top, right, bottom } = corners(event);
    Object.assign(drawn.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
  };
  const end = (event: MouseEvent) => {
    drawn.remove();
    window.removeEventListener("mousemove", move);
    window.removeEventListener("mouseup", end);
    const { left, top, right, bottom } = corners(event);
    const toPage = page.getScreenCTM()?.inverse(); // also of a page that is turned
    if (!toPage) return;
    const [one, other] = [new DOMPoint(left, top), new DOMPoint(right, bottom)].map((point) => point.matrixTransform(toPage)) as [DOMPoint, DOMPoint];
    const area = { x: Math.min(one.x, other.x), y: Math.min(one.y, other.y), width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) };
    const text = textIn(words.lines, area);
    if (text !== "") copyText(text);
  };
  window.addEventListener("mousemove", move);
  window.addEventListener("mouseup", end);
}
