// STORY.md, from the figures of the runs. No figure of a run is written down here.
import { table } from '../../bench/figures.mjs';

const KEYS = ['lung', 'covid', 'non-covid'];
const score = (value) => (value === null ? '-' : value.toFixed(4));
const ofClass = ({ classes }, key) => classes.find((one) => one.key === key);

/** `settings`: what the set and the trainings were made with; `plots`: names and captions of the pictures in `docs/story`. */
export function storyPage(runs, settings, plots) {
  const [plain, lost, weighted, unfrozen, mended] = runs;
  const { images, size, epochs, minutes } = settings;
  const positives = plain.whole.covid.truth.images;
  const raw = ofClass(lost.own.summary, 'covid').path;
  return `# The story, rerun

Somebody trains a U-Net to find COVID-19 infections in chest X-rays, and reads an IoU of 1.0000 for them. Class weights make it worse, and so does
unfreezing the encoder. This page trains those runs again, with this program, on synthetic X-rays in the proportions of COVID-QU-Ex, and
audits each: the class had been lost from the labels. Made by \`npm run story\` in ${minutes} minutes; every figure of a run is read from the
run's own files.

The set: ${images.toLocaleString('en')} phantom images of ${size} x ${size}, their published splits kept; ${positives} of the ${plain.own.summary.images} test images show COVID-19. The network: a small
U-Net, its weights drawn, ${epochs} epochs. In the labels that lost the class, infection masks hold 0 and 1 where the loader cuts at 128, as after
\`mask / 255\`. Published figures are of the real set and of another network (a ResNet50 encoder): rows are there to compare
what happens, not how much.

## What a notebook reports

Scores on the test split, against the labels that each run was trained on: smoothed by 1e-5, pooled in batches of 32, a class that is in neither mask
counting as perfect.

${reportedTable(runs)}

In run 2 the smoothed COVID-19 IoU is ${score(lost.own.covid.iou.imageMeanSmoothed)} and no pixel of any test image is predicted as COVID-19
(${lost.own.covid.predicted.pixels.toLocaleString('en')}): all ${lost.own.covid.emptyPerfect} images are perfect for nothing.

## What the audit says of run 2

\`\`\`
${lost.own.said.split('\n').slice(0, 4).join('\n').trimEnd()}
\`\`\`

The path of the class's pixels, rule L003: ${raw.raw.toLocaleString('en')} raw, ${raw.encoded.toLocaleString('en')} encoded, ${raw.batch.toLocaleString('en')} in the batch. \`train\` refuses such labels unless it is told
\`--force\`, which runs 2 and 3 were.

## What the pixels say

The same models on the same images, against labels that have the class: pooled over the split, undefined where there is nothing.

${pixelTable(runs)}

Neither class weights (${score(weighted.whole.covid.iou.pooled)}) nor unfreezing (${score(unfrozen.whole.covid.iou.pooled)}) bring a class back that no label holds. Mending the labels
does: ${score(plain.whole.covid.iou.pooled)} unweighted (run 1), ${score(mended.whole.covid.iou.pooled)} weighted.

${plots.map(({ name, caption }) => `![${caption}](docs/story/${name})`).join('\n\n')}
`;
}

function reportedTable(runs) {
  const head = ['run', 'mean Dice', 'mean IoU', 'accuracy', ...KEYS.map((key) => `IoU ${key}`)];
  const rows = runs.flatMap(({ short, name, own: { summary }, published }) => {
    const classes = KEYS.map((key) => score(ofClass(summary, key).iou.batchSmoothed));
    const means = ['meanDice', 'meanIou'].map((key) => score(summary[key].all.batchSmoothed));
    const here = [`${short[0]} ${name}`, ...means, score(summary.accuracy), ...classes];
    const said = published && [
      'published',
      ...['meanDice', 'meanIou', 'accuracy', ...KEYS].map((key) => published[key] ?? ''),
    ];
    return said ? [here, said] : [here];
  });
  return table(head, rows);
}

function pixelTable(runs) {
  const head = [
    'run',
    'mean Dice',
    'accuracy',
    ...KEYS.map((key) => `IoU ${key}`),
    'COVID-19 images found',
    'false alarms',
  ];
  const rows = runs.map(({ short, name, whole: { summary, covid } }) => {
    const { hit, false_alarm } = covid.outcomes;
    const classes = KEYS.map((key) => score(ofClass(summary, key).iou.pooled));
    const means = [score(summary.meanDice.all.pooled), score(summary.accuracy)];
    return [`${short[0]} ${name}`, ...means, ...classes, `${hit} of ${covid.truth.images}`, `${false_alarm}`];
  });
  return table(head, rows);
}
