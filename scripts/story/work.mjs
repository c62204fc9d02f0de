// Trains and audits a run of the story with the program itself, and reads its figures from the files that the program writes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ENCODING } from './data.mjs';

/** The same for all runs. */
const STEPS = ['--learning-rate', '0.002', '--schedule', 'cosine', '--augment', 'flip=horizontal'];

export const readJson = (...parts) => JSON.parse(readFileSync(path.join(...parts), 'utf8'));

/**
 * @param maskaudit runs a command, and gives its stdout
 * @returns the run with its curves, and two audits of its test split: on the labels that it was trained on, and on the whole ones
 */
export function workOn(run, { folder, data, size, epochs, batch, seed }, maskaudit) {
  const out = (name) => path.join(folder, `${run.key}-${name}`);
  const network = ['--architecture', 'small-unet', '--size', `${size}`];
  const steps = ['--epochs', `${epochs}`, '--batch', `${batch}`, '--seed', `${seed}`, ...STEPS];
  const reading = ['--mask-encoding', ENCODING[run.labels]];
  // What is wrong with the labels is an error, and ends a training that nobody insists on.
  const insist = run.labels === 'lost' ? ['--force'] : [];
  const train = [...network, ...steps, ...run.train(epochs), ...reading, ...insist];
  maskaudit(['train', data[run.labels], ...train, '--out', out('train')]);

  const audit = (labels) => {
    const model = ['--model', path.join(out('train'), 'model.onnx'), '--split', 'test', '--class', 'covid'];
    const target = out(`audit-${labels}`);
    const said = maskaudit(['audit', data[labels], ...model, '--mask-encoding', ENCODING[labels], '--out', target]);
    const summary = readJson(target, 'summary.json');
    return { said, summary, covid: summary.classes.find(({ key }) => key === 'covid') };
  };
  const own = audit(run.labels);
  const whole = run.labels === 'whole' ? own : audit('whole');
  const findings = readCsv(path.join(out('train'), 'findings.csv'));
  return { ...run, training: readJson(out('train'), 'training.json'), findings, own, whole };
}

/** The rows of a CSV of one line each, as objects by the header's names. */
function readCsv(file) {
  const [header, ...rows] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/).map(cellsOf);
  return rows.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i]])));
}

const cellsOf = (line) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare,
  );
