import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROBE = path.join(ROOT, 'dist/workers/webgpu-probe.js');
/** Where a downloaded SwiftShader stays, for the next time. */
const CACHE = path.join(ROOT, 'node_modules/.cache/maskaudit-swiftshader');
const MINUTES = 60_000;

/** Variables with which a process finds a WebGPU adapter here, and its name; or why there is none, after all was tried. */
export type Found = { env: Record<string, string>; name: string } | { reason: string };

/**
 * A machine without a GPU has a WebGPU adapter too, where a Vulkan driver computes on the CPU: one that is installed, SwiftShader
 * out of Debian's Chromium (unpacked into node_modules/.cache, nothing is installed), or lavapipe, which root can install.
 */
export function findSoftwareGpu(): Found {
  const ways: (() => Record<string, string> | null)[] = [
    () => ({}),
    () => swiftshader('/usr/lib/chromium'),
    () => swiftshader(CACHE),
    () => (downloadSwiftshader() ? swiftshader(CACHE) : null),
    () => (installLavapipe() ? {} : null),
  ];
  let reason = 'nothing to try';
  for (const way of ways) {
    const env = way();
    if (env === null) continue;
    const { stdout, stderr } = spawnSync(process.execPath, [PROBE], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
      timeout: MINUTES,
    });
    const adapter = stdout === '' ? null : JSON.parse(stdout).adapter;
    if (adapter) return { env, name: adapter.name };
    reason = stdout.includes('adapter') ? stderr.split('\n')[0] || 'no adapter' : `${stdout}${stderr}`;
  }
  return { reason };
}

function swiftshader(folder: string): Record<string, string> | null {
  const driver = path.join(folder, 'vk_swiftshader_icd.json');
  return existsSync(driver) ? { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: folder } : null;
}

const runs = (command: string, args: string[], cwd?: string): boolean =>
  spawnSync(command, args, { cwd, stdio: 'ignore', timeout: 5 * MINUTES }).status === 0;
const isRoot = (): boolean => process.getuid?.() === 0;

/** The driver and a Vulkan loader, out of the package that has them. */
function downloadSwiftshader(): boolean {
  const folder = `${CACHE}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const download = () => runs('apt-get', ['download', 'chromium-common'], folder);
    // A fresh container has no lists yet.
    if (!download() && !(isRoot() && runs('apt-get', ['update']) && download())) return false;
    const [archive] = readdirSync(folder);
    if (!runs('dpkg-deb', ['-x', archive, 'all'], folder)) return false;
    rmSync(CACHE, { recursive: true, force: true });
    mkdirSync(CACHE);
    for (const name of ['libvk_swiftshader.so', 'libvulkan.so.1', 'vk_swiftshader_icd.json']) {
      renameSync(path.join(folder, 'all/usr/lib/chromium', name), path.join(CACHE, name));
    }
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function installLavapipe(): boolean {
  if (!isRoot() || !runs('apt-get', ['update'])) return false;
  return runs('apt-get', ['install', '-y', '--no-install-recommends', 'libvulkan1', 'mesa-vulkan-drivers']);
}
