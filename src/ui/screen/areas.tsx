import { Box, type DOMElement } from 'ink';
import {
  type ComponentProps,
  createContext,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { exactly } from './ansi-text.js';

/** Lines for a room of so many columns and rows; fewer or shorter ones are filled up. */
export type Draw = (width: number, height: number) => readonly string[];

/**
 * What Ink's tree says of where things are, and what is drawn there. Ink lays the boxes out and reads the keys; drawing is done
 * here, since Ink's own takes 46 ms for a frame of 200 x 60 characters and 1.5 s for a picture in true colour, and keeps every
 * text that it has ever measured.
 */
export interface Canvas {
  drawings: WeakMap<DOMElement, Draw>;
  root: DOMElement | null;
  /** What was drawn last: most lines are the same the next time. */
  fitted: WeakMap<DOMElement, { width: number; lines: readonly string[]; exact: readonly string[] }>;
}

const CanvasContext = createContext<Canvas | null>(null);

/** The root of a tree that is drawn by `rowsOf`. Nothing is in it until Ink's own drawing is out of the way. */
export function CanvasRoot({ canvas, children }: { canvas: Canvas; children: ReactNode }) {
  const ref = useRef<DOMElement>(null);
  const [attached, setAttached] = useState(false);
  useLayoutEffect(() => {
    let node = ref.current;
    while (node?.parentNode) node = node.parentNode;
    if (node) node.onRender = () => {};
    canvas.root = node;
    setAttached(true);
  }, [canvas]);
  return (
    <CanvasContext.Provider value={canvas}>
      <Box ref={ref}>{attached ? children : null}</Box>
    </CanvasContext.Provider>
  );
}

/** A box whose room is drawn by a function. */
export function Area({ draw, ...box }: { draw: Draw } & ComponentProps<typeof Box>) {
  const canvas = useContext(CanvasContext);
  const ref = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    if (ref.current) canvas?.drawings.set(ref.current, draw);
  });
  return <Box ref={ref} flexShrink={0} {...box} />;
}

interface Placed {
  x: number;
  y: number;
  width: number;
  /** Each exactly `width` columns. */
  lines: readonly string[];
}

function* placedIn(canvas: Canvas, node: DOMElement, left: number, top: number): Generator<Placed> {
  const { yogaNode } = node;
  if (!yogaNode) return;
  const x = left + yogaNode.getComputedLeft();
  const y = top + yogaNode.getComputedTop();
  const draw = canvas.drawings.get(node);
  if (draw) {
    const [width, height] = [yogaNode.getComputedWidth(), yogaNode.getComputedHeight()];
    const lines = width > 0 && height > 0 ? draw(width, height).slice(0, height) : [];
    const before = canvas.fitted.get(node);
    const exact = lines.map((line, i) =>
      before?.width === width && before.lines[i] === line ? before.exact[i] : exactly(line, width),
    );
    canvas.fitted.set(node, { width, lines, exact });
    yield { x, y, width, lines: exact };
  }
  for (const child of node.childNodes) {
    if (child.nodeName !== '#text') yield* placedIn(canvas, child as DOMElement, x, y);
  }
}

/** The rows of the whole tree: areas side by side, spaces between them. Areas don't overlap. */
export function rowsOf(canvas: Canvas): string[] {
  const rows: { text: string; width: number }[] = [];
  if (canvas.root === null) return [];
  const placed = [...placedIn(canvas, canvas.root, 0, 0)].sort((a, b) => a.x - b.x);
  for (const { x, y, width, lines } of placed) {
    lines.forEach((line, i) => {
      rows[y + i] ??= { text: '', width: 0 };
      const row = rows[y + i];
      row.text += ' '.repeat(Math.max(0, x - row.width)) + line;
      row.width = x + width;
    });
  }
  const columns = canvas.root.yogaNode?.getComputedWidth() ?? 0;
  return Array.from(rows, (row) => (row ? row.text + ' '.repeat(Math.max(0, columns - row.width)) : ''));
}
