import { findAdapter, type ProbeAnswer } from './webgpu-adapter.js';

/**
 * Looks for an adapter, in a process of its own: drivers that are asked may write to stderr, and crash. Prints a ProbeAnswer.
 */
async function probe(): Promise<ProbeAnswer> {
  try {
    return { adapter: await findAdapter() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ERR_MODULE_NOT_FOUND' ? { missing: true } : { failed: message.split('\n')[0] };
  }
}

process.stdout.write(JSON.stringify(await probe()), () => process.exit(0));
