import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What a WebGPU adapter says of itself. */
export interface AdapterFacts {
  name: string;
  /** It computes on the CPU, as SwiftShader and lavapipe do. */
  software: boolean;
}

/** What `webgpu-probe` found: an adapter, or none; or that the package is not there or does not load. */
export type ProbeAnswer = { adapter: AdapterFacts | null } | { missing: true } | { failed: string };

type Dawn = typeof import('webgpu');

let loading: Promise<GPU> | null = null;

/**
 * Loads Dawn (the npm package `webgpu`), once, and puts what browsers have into this thread's globals: TensorFlow.js looks for it
 * there. The object has to live as long as its adapters.
 */
export function loadDawn(): Promise<GPU> {
  loading ??= import('webgpu').then(({ create, globals }: Dawn) => {
    Object.assign(globalThis, globals);
    const gpu = create([]);
    // Node has a navigator of its own from version 21 on, which can't be assigned to.
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
    return gpu;
  });
  return loading;
}

/** The adapter that TensorFlow.js will take; null where there is none. */
export async function findAdapter(): Promise<AdapterFacts | null> {
  const gpu = await loadDawn();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = description || device || [vendor, architecture].filter((word) => word !== '').join(' ') || 'unnamed GPU';
  return { name, software: isFallbackAdapter };
}

export function dawnVersion(): string {
  const file = createRequire(import.meta.url).resolve('webgpu/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
