import { describe, expect, it } from 'vitest';
import { patientLeakage } from '../../../src/pipeline/checks/d011-patient-leakage.js';
import { judged, labels, record } from './given.js';

const named = (split: string, name: string) =>
  record({ split, image: `${split}/${name}`, imagePath: `${split}/${name}.png` });

describe('D011 the same patient in two splits', () => {
  it('names each image whose patient was seen in another split, with the first such image', () => {
    const found = judged(patientLeakage, [
      named('train', 'sub-S03044_ses-E1'),
      named('train', 'sub-S03044_ses-E2'),
      named('val', 'SUB-s03044_ses-E3'),
      named('test', 'sub-S03044_ses-E4'),
    ]);
    expect(found.map(({ image, relatedPath }) => [image, relatedPath])).toEqual([
      ['val/SUB-s03044_ses-E3', 'train/sub-S03044_ses-E1.png'],
      ['test/sub-S03044_ses-E4', 'train/sub-S03044_ses-E1.png'],
    ]);
    expect(found[0]).toEqual({
      rule: 'D011',
      image: 'val/SUB-s03044_ses-E3',
      split: 'val',
      source: 'COVID-19',
      message: 'patient S03044 is in val and, as train/sub-S03044_ses-E1.png, in train',
      path: 'val/SUB-s03044_ses-E3.png',
      relatedPath: 'train/sub-S03044_ses-E1.png',
    });
  });

  it('is silent about one split, other patients and names that tell none', () => {
    expect(
      judged(patientLeakage, [named('train', 'sub-S1_a'), named('train', 'sub-S1_b'), named('test', 'sub-S11_a')]),
    ).toEqual([]);
    expect(judged(patientLeakage, [named('train', 'covid_1'), named('test', 'covid_1')])).toEqual([]);
    expect(judged(patientLeakage, [named('train', 'x-sub-S1'), named('test', 'x-sub-S1')])).toEqual([]);
  });

  it('reads the patient by the stated expression, case and all, from the name without extension', () => {
    const dataset = labels(['cell'], { patient: '_(P\\d+)$' });
    const found = judged(
      patientLeakage,
      [named('train', 'a_P7'), named('test', 'b_P7'), named('test', 'b_p7')],
      dataset,
    );
    expect(found.map(({ image }) => image)).toEqual(['test/b_P7']);
    expect(judged(patientLeakage, [named('train', 'sub-S1'), named('test', 'sub-S1')], labels(['cell']))).toEqual([]);
  });

  it('refuses what is no regular expression', () => {
    expect(() => patientLeakage.start(labels(['cell'], { patient: '(' }))).toThrow(
      /patient: "\(" is no regular expression/,
    );
  });
});
