// For scripts and benches that use the program's sources directly: dist/ has them inside the program alone.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist');

/** Bundles a module into dist/, where the sources find the package. @returns the file, to be run or imported */
export async function bundle(input) {
  const name = path.basename(input, path.extname(input));
  const build = await rolldown({
    input,
    platform: 'node',
    external: [/^node:/, 'sharp', 'onnxruntime-node'],
    resolve: { mainFields: ['module', 'main'] },
  });
  const folder = path.join(dist, 'scripts', name);
  await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await build.close();
  return path.join(folder, `${name}.mjs`);
}
