import { type ModelCard, parseCard } from '../../model/card.js';
import { writeFile } from '../../sinks/files.js';

/** Writes the card where `audit --model` looks for it: beside the model, by its name. @throws WorkError */
export function writeCard(model: string, card: ModelCard): void {
  const file = `${model}.maskaudit.json`;
  const text = `${JSON.stringify(card, null, 2)}\n`;
  // What can't be read again is a fault of whoever made the card, not of the model's user.
  parseCard(text, file);
  writeFile(file, text);
}
