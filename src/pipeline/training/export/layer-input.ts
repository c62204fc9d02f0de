import { inputsOf } from '../networks/shapes.js';
import type { LayerNode, NamedTensor } from '../trainer.js';

/** A layer as a converter reads it. What no network here uses throws a TypeError: nothing is exported wrongly without a word. */
export interface LayerInput {
  name: string;
  /** Names of the layers whose outputs it takes. */
  inputs: readonly string[];
  /** An option that has to be there. */
  option<T>(key: string): T;
  /** An option that may be left out, and has to be this where it isn't. */
  expect(key: string, value: unknown): void;
  /** A weight by its own name: `kernel`. */
  weight(name: string): NamedTensor;
  optional(name: string): NamedTensor | null;
  refuse(what: string): never;
}

export function layerInput(layer: LayerNode, weights: ReadonlyMap<string, NamedTensor>): LayerInput {
  const { name, class_name } = layer;
  const config: Record<string, unknown> = layer.config;
  const refuse = (what: string): never => {
    throw new TypeError(`layer ${name} (${class_name}) can't be exported: ${what}`);
  };
  const optional = (own: string) => weights.get(`${name}/${own}`) ?? null;
  return {
    name,
    inputs: inputsOf(layer),
    option: <T>(key: string) => (key in config ? (config[key] as T) : refuse(`it has no option ${key}`)),
    expect(key, value) {
      const own = config[key];
      if (own !== undefined && JSON.stringify(own) !== JSON.stringify(value))
        refuse(`${key} is ${JSON.stringify(own)}`);
    },
    weight: (own) => optional(own) ?? refuse(`it has no weight ${own}`),
    optional,
    refuse,
  };
}
