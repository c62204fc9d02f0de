import type { DatasetSpec } from '../dataset/dataset.js';
import { UsageError } from '../errors.js';
import type { ImageRecord } from '../record.js';
import type { Report, SetRule } from './rule.js';

export const patientLeakage: SetRule = {
  scope: 'set',
  code: 'D011',
  title: 'The same patient is in two splits',
  severity: 'warning',
  what: `
    The patient is read from the file name: \`sub-S<digits>\` at its start in covid-qu-ex, the first group of the regular expression
    \`patient\` elsewhere (it is applied to the name without extension). Each image whose patient was seen earlier in another split
    is named with the first such image in \`related_path\`. Names that don't match tell nothing and are not compared.`,
  ofImages: { what: 'The same.' },
  why: `
    Follow-up images of one patient share anatomy, implants and often the lesion. With the patient on both sides the test score
    is part memory. Some COVID files of COVID-QU-Ex are named sub-S<patient>...: there it can be seen from the names alone.`,
  fix: `
    Move all images of a patient to one split and train again. For datasets with other names:

    { "patient": "^(P\\\\d+)_" }`,
  start(dataset) {
    const patientOf = patientReader(dataset);
    const reports: Report[] = [];
    /** First image of each patient in each split where the patient was seen. */
    const seen = new Map<string, { split: string; path: string }[]>();
    return {
      add(record) {
        const patient = patientOf(record);
        if (patient === null) return;
        const firsts = seen.get(patient);
        if (firsts === undefined) {
          seen.set(patient, [{ split: record.split, path: record.imagePath }]);
          return;
        }
        const earlier = firsts.find(({ split }) => split !== record.split);
        if (earlier !== undefined) reports.push(leak(record, patient, earlier));
        if (firsts.every(({ split }) => split !== record.split)) {
          firsts.push({ split: record.split, path: record.imagePath });
        }
      },
      finish: () => reports,
    };
  },
};

function leak(record: ImageRecord, patient: string, earlier: { split: string; path: string }): Report {
  return {
    rule: 'D011',
    image: record.image,
    split: record.split,
    source: record.source,
    message: `patient ${patient} is in ${record.split} and, as ${earlier.path}, in ${earlier.split}`,
    path: record.imagePath,
    relatedPath: earlier.path,
  };
}

/** What the name of an image's file says of the patient, or null. @throws UsageError for a faulty `patient` setting. */
export function patientReader({ layout, patient }: DatasetSpec): (record: ImageRecord) => string | null {
  if (patient !== null) {
    const pattern = compile(patient);
    return (record) => pattern.exec(nameOf(record))?.[1] || null;
  }
  if (layout !== 'covid-qu-ex') return () => null;
  return (record) => /^sub-(S\d+)/i.exec(nameOf(record))?.[1].toUpperCase() ?? null;
}

function compile(patient: string): RegExp {
  try {
    return new RegExp(patient);
  } catch (error) {
    throw new UsageError(`patient: ${JSON.stringify(patient)} is no regular expression: ${(error as Error).message}`);
  }
}

function nameOf({ imagePath }: ImageRecord): string {
  const name = imagePath.slice(imagePath.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
