import { EventEmitter } from 'node:events';
import { render } from 'ink';
import { App, type AppProps } from './app.js';
import { type Canvas, rowsOf } from './areas.js';

/** The part of a terminal's input stream that Ink needs. */
export type InputStream = NodeJS.ReadStream;

/** A stream that Ink may write to: nobody sees it, the painter draws. */
function nowhere(): NodeJS.WriteStream {
  const stream = Object.assign(new EventEmitter(), { columns: 80, rows: 24, isTTY: false, write: () => true });
  return stream as unknown as NodeJS.WriteStream;
}

export interface Mounted {
  /** The rows of the screen for a model. */
  rows(props: Omit<AppProps, 'canvas'>): string[];
  unmount(): void;
}

/** Puts the components into Ink, which reads keys from `stdin` from now on. */
export function mount(stdin: InputStream, first: Omit<AppProps, 'canvas'>): Mounted {
  const canvas: Canvas = { drawings: new WeakMap(), root: null };
  const instance = render(<App canvas={canvas} {...first} />, {
    stdout: nowhere(),
    stderr: nowhere(),
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
      instance.rerender(<App canvas={canvas} {...props} />);
      if (failed.error !== null) throw failed.error;
      return rowsOf(canvas);
    },
    unmount() {
      instance.rerender(<></>);
      instance.unmount();
    },
  };
}
