import { UsageError } from '../../errors.js';
import type { Architecture } from '../task.js';
import type { Freeze, ModelTopology } from '../trainer.js';
import { encoderStages } from './network.js';

/** The layers that do not learn: always the first of the network, so that no gradient has to pass through one of them. */
export function frozenLayers(architecture: Architecture, topology: ModelTopology, freeze: Freeze): Set<string> {
  const stages = frozenStages(architecture, freeze);
  const names = topology.config.layers.map(({ name }) => name);
  return new Set(names.filter((name) => stages.some((stage) => name.startsWith(stage))));
}

function frozenStages(architecture: Architecture, freeze: Freeze): readonly string[] {
  const stages = encoderStages(architecture);
  if (freeze === 'none') return [];
  if (freeze === 'encoder') return stages;
  const first = freeze.replace(/^until:/, '');
  if (!freeze.startsWith('until:') || !stages.includes(first)) {
    throw new UsageError(
      `freeze ${freeze}: ${architecture} can be frozen as none, encoder, or until:STAGE with STAGE one of ` +
        `${stages.join(', ')} (the first that learns)`,
    );
  }
  return stages.slice(0, stages.indexOf(first));
}
