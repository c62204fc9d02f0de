import { EventEmitter } from 'node:events';
import { render } from 'ink';
import { App, type AppProps } from './app.js';
import { type Canvas, rowsOf } from './areas.js';

/** The part of a terminal's input stream that Ink needs. */
export type InputStream = NodeJS.ReadStream;

/** A stream that Ink may write to: nobody sees it, the painter draws. Ink asks it how wide its tree is. */
function nowhere(columns: number) {
  return Object.assign(new EventEmitter(), { columns, isTTY: false, write: () => true });
}

export interface Mounted {
  /** The rows of the screen for a model. */
  rows(props: Omit<AppProps, 'canvas'>): string[];
  unmount(): void;
}

/** Puts the components into Ink, which reads keys from `stdin` from now on. */
export function mount(stdin: InputStream, first: Omit<AppProps, 'canvas'>): Mounted {
  const canvas: Canvas = { drawings: new WeakMap(), fitted: new WeakMap(), root: null };
  const stream = nowhere(first.model.layout.columns);
  const stdout = stream as unknown as NodeJS.WriteStream;
  const instance = render(<App canvas={canvas} {...first} />, {
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
    rows(props) {
      stream.columns = props.model.layout.columns;
      instance.rerender(<App canvas={canvas} {...props} />);
      if (failed.error !== null) throw failed.error;
      return rowsOf(canvas);
    },
    unmount() {
      instance.rerender(null);
      instance.unmount();
    },
  };
}
