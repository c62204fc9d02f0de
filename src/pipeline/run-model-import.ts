import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isKerasModel } from './engines/model-file.js';
import { runTool } from './engines/tensorflow/install/run-tool.js';
import { readInstallation, siteIn } from './engines/tensorflow/installation.js';
import { INSTALL } from './engines/tensorflow/locate.js';
import { UsageError, WorkError } from './errors.js';
import { cardPaths, type ModelCard, parseCard, readCard } from './model/card.js';
import { programFile } from './program-files.js';
import { PART, writeFile } from './sinks/files.js';

export interface ImportRequest {
  /** The `.keras` or `.h5` file. */
  file: string;
  /** Folder of the SavedModel; null: beside the file. */
  out: string | null;
  overwrite: boolean;
}

export interface ImportResult {
  savedModel: string;
  /** null where it was not made, and why. */
  onnx: string | null;
  noOnnx: string | null;
  card: string;
  /** What the card says that Keras told. */
  known: Partial<ModelCard>;
  parameters: number;
  keras: string;
}

/** How the description of a card begins that was made here. */
const MADE_OF = 'made of ';

/** What python/import-keras.py says. */
type Answer =
  | { known: Partial<ModelCard> & { parameters: number; keras: string }; noOnnx: string | null }
  | { foreign: string[] }
  | { error: string };

/**
 * The recipe of `model import`: a Keras file to a SavedModel (and ONNX where tf2onnx is at hand) with a card beside it.
 * @throws UsageError where it is no such file or something is in the way, WorkError where Keras can't make the model
 */
export async function runModelImport(
  request: ImportRequest,
  { signal, onStep }: { signal: AbortSignal; onStep(text: string): void },
): Promise<ImportResult> {
  const { file } = request;
  const name = path.basename(file);
  checkFile(file);
  const python = kerasPython();
  const stem = path.join(path.dirname(file), name.replace(/\.[^.]+$/, ''));
  const savedModel = request.out ?? `${stem}.savedmodel`;
  const onnx = `${savedModel.replace(/\.savedmodel$/, '')}.onnx`;
  if (existsSync(savedModel) && !request.overwrite) {
    throw new UsageError(`${savedModel} is there already: --overwrite replaces it, --out DIR names another folder`);
  }
  const { card: written } = await readCard(file, {});
  mkdirSync(path.dirname(savedModel), { recursive: true });
  const work = mkdtempSync(`${savedModel}${PART}`);
  try {
    const result = path.join(work, 'result.json');
    const made = { savedModel: path.join(work, 'model'), onnx: path.join(work, 'model.onnx') };
    const words = [siteIn(python.folder), file, made.savedModel, made.onnx, result];
    const script = fileURLToPath(programFile('python/import-keras.py'));
    onStep('Keras reads the model and writes it anew');
    await runTool([python.program, script, ...words], { cwd: work, signal });
    const { known, noOnnx } = judge(name, JSON.parse(readFileSync(result, 'utf8')) as Answer);
    const { parameters, keras, ...facts } = known;
    const description = `${MADE_OF}${name} by maskaudit model import, Keras ${keras}`;
    const card = { ...facts, ...written, description };
    replace(made.savedModel, savedModel);
    const cardFile = writeCard(savedModel, card);
    if (noOnnx === null) {
      replace(made.onnx, onnx);
      writeCard(onnx, card);
    }
    return { savedModel, onnx: noOnnx === null ? onnx : null, noOnnx, card: cardFile, known: facts, parameters, keras };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function checkFile(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`no model at ${file}`);
  if (!isKerasModel(file) || !stat.isFile()) {
    const folder = stat.isDirectory() ? '; a SavedModel needs no import: maskaudit audit DATASET --model FOLDER' : '';
    throw new UsageError(`${path.basename(file)} is no Keras file (.keras, .h5)${folder}`);
  }
}

function kerasPython(): { program: string; folder: string } {
  const installation = readInstallation();
  if (installation?.keras) return { program: installation.keras.python, folder: installation.folder };
  throw new WorkError(`Keras reads such files, and it is not installed: ${INSTALL} --with-keras`);
}

function judge(name: string, answer: Answer): Extract<Answer, { known: unknown }> {
  if ('known' in answer) return answer;
  if ('error' in answer) throw new WorkError(`Keras can't read ${name}: ${answer.error.split('\n')[0]}`);
  const own = 'in the program that has them: keras.saving.load_model(FILE).export(FOLDER) makes a SavedModel';
  const lambda = answer.foreign.includes('Lambda') ? ' (Lambda layers hold Python code, which is not run here)' : '';
  throw new WorkError(
    `${name} has layers that Keras alone does not know: ${answer.foreign.join(', ')}${lambda}; ${own}`,
  );
}

function replace(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

/** A card that a person wrote for the result stays as it is. */
function writeCard(model: string, card: ModelCard & { description: string }): string {
  const [file] = cardPaths(model);
  const isOurs = !existsSync(file) || parseCard(readFileSync(file, 'utf8'), file).description?.startsWith(MADE_OF);
  if (isOurs) writeFile(file, `${JSON.stringify(card, null, 2)}\n`);
  return file;
}
