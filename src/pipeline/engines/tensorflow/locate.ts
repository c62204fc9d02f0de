import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Trouble } from '../engine.js';
import { cudaFolders, type Installation, PLATFORM, packageIn, readInstallation } from './installation.js';
import type { Binding } from './process.js';

export const INSTALL = 'maskaudit engine install';
export const MISSING: Trouble = { reason: 'native TensorFlow is not installed', remedy: INSTALL };
export const CPU_ALONE: Trouble = {
  reason: 'the TensorFlow that is installed computes on the CPU alone',
  remedy: `${INSTALL} --gpu`,
};

/** A package with TensorFlow behind it. */
export interface Located extends Binding {
  /** null where npm installed the package beside the program, with a TensorFlow of its own. */
  installation: Installation | null;
}

/** The installation in the cache, else the package that npm could install; null where there is neither. */
export function locateTensorflow(): Located | null {
  const installation = readInstallation();
  if (installation?.platform === PLATFORM) return { ...bindingIn(installation.folder), installation };
  for (const from of [import.meta.url, pathToFileURL(path.join(process.cwd(), 'package.json')).href]) {
    for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
      try {
        const main = createRequire(from).resolve(`${name}/package.json`);
        return { packageFolder: path.dirname(main), libraryFolders: [], installation: null };
      } catch {
        // It is not there.
      }
    }
  }
  return null;
}

export function bindingIn(folder: string): Binding {
  return { packageFolder: packageIn(folder), libraryFolders: cudaFolders(folder) };
}
