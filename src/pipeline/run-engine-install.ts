import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { buildBinding, fetchBinding, tidyBinding } from './engines/tensorflow/install/fetch-binding.js';
import { fetchLibraries, fetchWithKeras, tidyLibraries } from './engines/tensorflow/install/fetch-libraries.js';
import {
  linkTo,
  lockPlace,
  placeOf,
  removeAll,
  removeLeftovers,
  removePlace,
} from './engines/tensorflow/install/place.js';
import { checkSpace, hasUsableDriver, unsupported } from './engines/tensorflow/install/preconditions.js';
import { findTools } from './engines/tensorflow/install/tools.js';
import {
  type Installation,
  markerIn,
  PLATFORM,
  readInstallation,
  siteIn,
  type Variant,
  VERSIONS,
} from './engines/tensorflow/installation.js';
import { bindingIn } from './engines/tensorflow/locate.js';
import { tryTensorflow } from './engines/tensorflow/process.js';
import { WorkError } from './errors.js';
import { exchangeFolder, writeFile } from './sinks/files.js';

export interface InstallRequest {
  /** null: as there is an NVIDIA driver here. */
  variant: Variant | null;
  withKeras: boolean;
  /** In place of the program's cache folder. */
  dir: string | null;
}

export interface InstallContext {
  signal: AbortSignal;
  onStep(text: string): void;
  /** Bytes that have come of those that were announced so far. */
  onBytes(done: number, total: number): void;
}

export interface InstallResult {
  installation: Installation;
  /** False where it was there already. */
  fresh: boolean;
  /** The device that computed when it was tried; null where it was there already. */
  device: string | null;
}

/**
 * The recipe of `engine install`: native TensorFlow from its own wheel, and the binding of TF.js built against it, in a folder that
 * gets its name when all is there and has computed.
 * @throws UsageError where another install is at work
 * @throws WorkError where something is missing or fails, with what would help
 */
export async function runEngineInstall(request: InstallRequest, context: InstallContext): Promise<InstallResult> {
  const trouble = unsupported(request.variant);
  if (trouble !== null) throw new WorkError(trouble);
  const place = placeOf(request.dir);
  const release = lockPlace(place);
  try {
    removeLeftovers(place);
    const present = readInstallation(place);
    const variant = request.variant ?? present?.variant ?? (hasUsableDriver() ? 'gpu' : 'cpu');
    const withKeras = request.withKeras || (present?.keras ?? null) !== null;
    if (present !== null && serves(present, variant, withKeras)) {
      linkTo(place);
      return { installation: present, fresh: false, device: null };
    }
    checkSpace(path.dirname(place), { variant, withKeras });
    const part = `${place}.${process.pid}.part`;
    try {
      mkdirSync(path.join(part, 'tmp'), { recursive: true });
      const device = await build(part, { variant, withKeras }, context);
      exchangeFolder(part, place);
      linkTo(place);
      return { installation: readInstallation(place) as Installation, fresh: true, device };
    } finally {
      removeAll(part);
    }
  } finally {
    release();
  }
}

/** The recipe of `engine remove`. @returns the folder, and whether there was an installation */
export function runEngineRemove({ dir }: { dir: string | null }): { folder: string; removed: boolean } {
  const folder = placeOf(dir);
  if (!existsSync(path.dirname(folder))) return { folder, removed: false };
  const release = lockPlace(folder);
  try {
    removeLeftovers(folder);
    return { folder, removed: removePlace(folder) };
  } finally {
    release();
  }
}

/** Fetches, builds, tidies, computes something, and writes the marker. @returns the device that computed */
async function build(
  folder: string,
  { variant, withKeras }: { variant: Variant; withKeras: boolean },
  { signal, onStep, onBytes }: InstallContext,
): Promise<string> {
  const tools = findTools(withKeras);
  onStep(
    `fetching TensorFlow ${VERSIONS.tensorflow} (${variant}${withKeras ? ', Keras' : ''}) and its binding for Node`,
  );
  await together(signal, (both) => {
    const fetch = { folder, python: tools.python, variant, signal: both, onBytes };
    const call = { folder, ...tools, signal: both };
    return [withKeras ? fetchWithKeras(fetch) : fetchLibraries(fetch), fetchBinding(call)];
  });
  onStep('building the binding');
  await buildBinding({ folder, ...tools, signal });
  tidyLibraries(folder);
  tidyBinding(folder);
  onStep('computing something with it');
  const { device, version } = await tryTensorflow(bindingIn(folder), 'auto');
  signal.throwIfAborted();
  const installation: Omit<Installation, 'folder'> = {
    tensorflow: version,
    binding: VERSIONS.binding,
    variant,
    platform: PLATFORM,
    keras: withKeras ? { version: kerasVersion(folder), python: tools.python[0] } : null,
  };
  writeFile(markerIn(folder), `${JSON.stringify(installation, null, 2)}\n`);
  return device;
}

/** Works on several things at once; where one fails, the others are ended before that is said. */
async function together(signal: AbortSignal, start: (both: AbortSignal) => Promise<void>[]): Promise<void> {
  const failed = new AbortController();
  const works = start(AbortSignal.any([signal, failed.signal])).map((work) =>
    work.catch((error) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(works);
  failed.signal.throwIfAborted();
}

function serves({ tensorflow, binding, platform, ...present }: Installation, variant: Variant, withKeras: boolean) {
  const same = tensorflow === VERSIONS.tensorflow && binding === VERSIONS.binding && platform === PLATFORM;
  return same && present.variant === variant && (!withKeras || present.keras !== null);
}

function kerasVersion(folder: string): string {
  const names = readdirSync(siteIn(folder)).map((name) => /^keras-(.+)\.dist-info$/.exec(name)?.[1]);
  return names.find((version) => version !== undefined) ?? 'unknown';
}
