import path from 'node:path';
import type { RunEvent } from '../pipeline/events.js';
import { count, counted } from '../pipeline/words/figures.js';
import { visible } from '../pipeline/words/visible-text.js';

/** The lines that stay on stderr for an event: what was found, what computes, and what a user should know of both. */
export function remarks(event: RunEvent): string[] {
  switch (event.type) {
    case 'discovered': {
      const splits = Object.entries(event.splits).filter(([name]) => name !== '');
      const parts = splits.map(([name, images]) => `${visible(name)} ${count(images)}`).join(', ');
      const layout = event.layout === 'covid-qu-ex' ? `${event.layout}, ${event.subset} subset` : event.layout;
      const images = counted(event.images, 'image') + (parts === '' ? '' : ` (${parts})`);
      return [`${layout}: ${images}`, ...event.notes.map((note) => `note: ${visible(note)}`)];
    }
    case 'engine': {
      const { engine, version, device, model, inputWidth, inputHeight, batch, notes } = event.info;
      const size = inputWidth === null || inputHeight === null ? 'any size' : `${inputWidth}x${inputHeight}`;
      const words = `${engine} ${version} on ${device}: ${path.basename(model)}, input ${size}, batch ${batch}`;
      return [
        visible(words) + (notes.length > 0 ? ` (${visible(notes.join('; '))})` : ''),
        ...event.skipped.map((reason) => `note: ${visible(reason)}`),
      ];
    }
    case 'resumed':
      return [`resumed: ${counted(event.images, 'image')} taken from the interrupted run`];
    case 'note':
      return [`note: ${visible(event.message)}`];
    default:
      return [];
  }
}
