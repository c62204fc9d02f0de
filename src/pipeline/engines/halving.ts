import { counted } from '../words/figures.js';

/** What ONNX Runtime, TensorFlow and JavaScript say where there is not the memory for something. */
export function isOutOfMemory({ message, cause }: Error): boolean {
  const said = /\bOOM\b|out of memory|RESOURCE_EXHAUSTED|bad.?alloc|failed to allocate|allocation failed/i;
  return said.test(message) || cause instanceof RangeError;
}

/**
 * Runs groups of things, and where the memory isn't there for one, its halves, and all later ones in that size: what is said of a
 * GPU's memory before is a guess. Where even one thing is too much, that is the error.
 */
export function createHalving<In, Out>(
  run: (group: readonly In[]) => Promise<Out[]>,
  onNote: (message: string) => void = () => {},
): (group: readonly In[]) => Promise<Out[]> {
  let most = Number.POSITIVE_INFINITY;
  const fitting = async (group: readonly In[]): Promise<Out[]> => {
    if (group.length > most) return inParts(group);
    try {
      return await run(group);
    } catch (error) {
      if (!isOutOfMemory(error as Error) || group.length === 1) throw error;
      most = Math.min(most, Math.ceil(group.length / 2));
      onNote(`out of memory with ${counted(group.length, 'image')} in a call: ${most} from here on`);
      return inParts(group);
    }
  };
  const inParts = async (group: readonly In[]): Promise<Out[]> => {
    const outputs: Out[] = [];
    // The size of the next part may be smaller than that of this one.
    for (let at = 0; at < group.length; ) {
      const part = group.slice(at, at + most);
      outputs.push(...(await fitting(part)));
      at += part.length;
    }
    return outputs;
  };
  return fitting;
}
