import { EventEmitter } from 'node:events';
import { render, useInput } from 'ink';
import type { ReactNode } from 'react';
import { type Canvas, CanvasRoot, rowsOf } from './areas.js';
import { keyNames } from './key-names.js';

/** The part of a terminal's input stream that Ink needs. */
export type InputStream = NodeJS.ReadStream;

/** A stream that Ink may write to: nobody sees it, the painter draws. Ink asks it how wide its tree is. */
function nowhere(columns: number) {
  return Object.assign(new EventEmitter(), { columns, isTTY: false, write: () => true });
}

export interface Mounted {
  /** The rows of the screen for a tree of areas. */
  rows(tree: ReactNode, columns: number): string[];
  unmount(): void;
}

export interface MountOptions {
  stdin: InputStream;
  columns: number;
  onKeys(names: readonly string[]): void;
}

/** Opens Ink, which reads keys from `stdin` from now on. */
export function mount({ stdin, columns, onKeys }: MountOptions): Mounted {
  const canvas: Canvas = { drawings: new WeakMap(), fitted: new WeakMap(), root: null };
  const stream = nowhere(columns);
  const stdout = stream as unknown as NodeJS.WriteStream;
  const root = (tree: ReactNode) => (
    <CanvasRoot canvas={canvas}>
      <Keys onKeys={onKeys} />
      {tree}
    </CanvasRoot>
  );
  const instance = render(root(null), {
    stdout,
    stderr: stdout,
    stdin,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  // Without a listener a fault in a component would be an unhandled rejection.
  const failed: { error: unknown } = { error: null };
  instance.waitUntilExit().catch((error: unknown) => {
    failed.error = error;
  });
  return {
    rows(tree, width) {
      stream.columns = width;
      instance.rerender(root(tree));
      if (failed.error !== null) throw failed.error;
      return rowsOf(canvas);
    },
    unmount() {
      instance.rerender(null);
      instance.unmount();
    },
  };
}

function Keys({ onKeys }: Pick<MountOptions, 'onKeys'>) {
  useInput((input, key) => onKeys(keyNames(input, key)));
  return null;
}
