import { absentClass } from './b001-absent-class.js';
import { imbalance } from './b002-imbalance.js';
import { unevenSplits } from './b003-uneven-splits.js';
import { missingMask } from './d001-missing-mask.js';
import { orphanMask } from './d002-orphan-mask.js';
import { unreadableFile } from './d003-unreadable-file.js';
import { sizeMismatch } from './d004-size-mismatch.js';
import { unexpectedFormat } from './d005-unexpected-format.js';
import { duplicateInSplit } from './d006-duplicate-in-split.js';
import { duplicateAcrossSplits } from './d007-duplicate-across-splits.js';
import { nearDuplicate } from './d008-near-duplicate.js';
import { contradictingDuplicate } from './d009-contradicting-duplicate.js';
import { emptyFolder } from './d010-empty-folder.js';
import { patientLeakage } from './d011-patient-leakage.js';
import { undeclaredValue } from './l001-undeclared-value.js';
import { interpolatedMask } from './l002-interpolated-mask.js';
import { lostClass, lostClassInSet } from './l003-lost-class.js';
import { emptyPositive } from './l004-empty-positive.js';
import { annotatedNegative } from './l005-annotated-negative.js';
import { infectionOutside } from './l006-infection-outside.js';
import { implausibleLung } from './l007-implausible-lung.js';
import { specks } from './l008-specks.js';
import { paintedLung } from './l009-painted-lung.js';
import { inflatedScore } from './m001-inflated-score.js';
import { unevaluatedClass } from './m002-unevaluated-class.js';
import { neverPredicted } from './m003-never-predicted.js';
import { conventionsDisagree } from './m004-conventions-disagree.js';
import { uselessAccuracy } from './m005-useless-accuracy.js';
import { fewPositives } from './m006-few-positives.js';
import { oneClass } from './m007-one-class.js';
import { missedClass } from './p001-missed-class.js';
import { falseAlarm } from './p002-false-alarm.js';
import { lowOverlap } from './p003-low-overlap.js';
import { confusedClass } from './p004-confused-class.js';
import { predictionOutside } from './p005-prediction-outside.js';
import { missingPrediction } from './p007-missing-prediction.js';
import { shortcut } from './p008-shortcut.js';
import type { Rule, RulePage } from './rule.js';
import { lossNotFinite } from './t001-loss-not-finite.js';
import { unseenClass } from './t002-unseen-class.js';
import { validationGap } from './t003-validation-gap.js';
import { emptyMaskScore } from './t004-empty-mask-score.js';
import { plateau } from './t005-plateau.js';

/** Every rule, in the order of their codes. L003 looks at each image and at the whole set: two entries, one page. */
export const RULES: readonly Rule[] = [
  // D: the files of the dataset
  missingMask,
  orphanMask,
  unreadableFile,
  sizeMismatch,
  unexpectedFormat,
  duplicateInSplit,
  duplicateAcrossSplits,
  nearDuplicate,
  contradictingDuplicate,
  emptyFolder,
  patientLeakage,
  // L: what the label maps say
  undeclaredValue,
  interpolatedMask,
  lostClass,
  lostClassInSet,
  emptyPositive,
  annotatedNegative,
  infectionOutside,
  implausibleLung,
  specks,
  paintedLung,
  // B: balance of classes and splits
  absentClass,
  imbalance,
  unevenSplits,
  // M: the scores
  inflatedScore,
  unevaluatedClass,
  neverPredicted,
  conventionsDisagree,
  uselessAccuracy,
  fewPositives,
  oneClass,
  // P: the prediction of an image
  missedClass,
  falseAlarm,
  lowOverlap,
  confusedClass,
  predictionOutside,
  missingPrediction,
  shortcut,
  // T: a training as it goes
  lossNotFinite,
  unseenClass,
  validationGap,
  emptyMaskScore,
  plateau,
];

/** The page of each code, in order. */
export const RULE_PAGES: ReadonlyMap<string, RulePage> = new Map(RULES.map((rule) => [rule.code, rule]));
