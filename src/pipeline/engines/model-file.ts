import { stat } from 'node:fs/promises';
import { UsageError, WorkError } from '../errors.js';

/** TensorFlow.js models are a `model.json`, under whatever name, beside the weight files that it names. */
export const isTfjsModel = (model: string): boolean => /\.json$/i.test(model) && !/\.maskaudit\.json$/i.test(model);

/**
 * @param expected what is expected in place of a folder, e.g. `an .onnx file`
 * @throws UsageError where there is no such file
 */
export async function checkModelFile(model: string, expected: string): Promise<void> {
  let isFile: boolean;
  try {
    isFile = (await stat(model)).isFile();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`no model at ${model}`);
    throw new WorkError(`the model ${model} can't be read: ${message}`, { cause: error });
  }
  if (!isFile) throw new UsageError(`the model ${model} is a folder; ${expected} is expected`);
}
