import { readFile } from 'node:fs/promises';
import type { Dataset, Group } from 'h5wasm';
import { UsageError, WorkError } from '../../errors.js';

/** The eight bytes that an HDF5 file begins with; h5py, which Keras writes by, puts nothing before them. */
const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/**
 * Opens an HDF5 file and gives its root to `read`. The library is HDF5's own, in WebAssembly: what a damaged file makes it do stays
 * inside of it, and its file system holds this one file, so that no link leads elsewhere. It is loaded when it is needed: 5 MB.
 * @throws UsageError where there is no such file, WorkError where it is no HDF5 file or damaged
 */
export async function readHdf5<T>(file: string, read: (root: Group) => T): Promise<T> {
  const bytes = await readBytes(file);
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    throw new WorkError(`${file} is no HDF5 file: Keras's weights are one that ends in .h5`);
  }
  const { File, ready } = await import('h5wasm');
  const library = await ready;
  // Else it writes its reasons to stderr and gives nothing back.
  library.activate_throwing_error_handler();
  const name = 'weights.h5';
  try {
    // Its file system takes the bytes as they are, without a copy.
    library.FS.createDataFile('/', name, bytes, true, false, true);
    const opened = new File(name, 'r');
    try {
      return read(opened);
    } finally {
      opened.close();
    }
  } catch (error) {
    if (error instanceof UsageError || error instanceof WorkError) throw error;
    throw new WorkError(`${file} can't be read as HDF5: ${reason(error)}. It may have been cut short`, {
      cause: error,
    });
  } finally {
    library.FS.unlink(name);
  }
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`no weights at ${file}`);
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder; the weights are an .h5 file`);
    throw new WorkError(`the weights ${file} can't be read: ${message}`, { cause: error });
  }
}

/** HDF5 prints the calls that failed, the innermost last: `#003: H5FD.c line 100 in H5FD_read(): file read failed`. */
function reason(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  const innermost = lines.findLast((line) => /^\s*#\d+: /.test(line));
  return (innermost?.replace(/^.*\(\): /, '') ?? lines[0]).trim();
}

/** The group of that name, or path, in another one; null where there is none. */
export function groupIn(group: Group, name: string): Group | null {
  return found(group, name, 'Group') as Group | null;
}

export function datasetIn(group: Group, name: string): Dataset | null {
  return found(group, name, 'Dataset') as Dataset | null;
}

function found(group: Group, name: string, type: string) {
  const entity = group.get(name);
  return entity !== null && 'type' in entity && String(entity.type) === type ? entity : null;
}
