// STORY.md, from the figures of the runs. No figure of a run is written down here.
import { table } from '../../bench/figures.mjs';
import { waysSection } from './ways-page.mjs';

const KEYS = ['lung', 'covid', 'non-covid'];
const score = (value) => (value === null ? '-' : value.toFixed(4));
const ofClass = ({ classes }, key) => classes.find((one) => one.key === key);

const count = (n) => n.toLocaleString('en');

/** `ways`: what `goOn` gives; `settings`: what the set and the trainings were made with; `plots`: names and captions of the pictures in `docs/story`. */
export function storyPage(runs, ways, settings, plots) {
  const ofKey = Object.fromEntries(runs.map((run) => [run.key, run]));
  const { plain, lost } = ofKey;
  const pixels = (key) => score(ofKey[key].whole.covid.iou.pooled);
  const { images, size, epochs, batch, seconds } = settings;
  const path = lost.own.covid.path;
  const said = lost.findings.filter(({ rule, class: key }) => ['T002', 'T004'].includes(rule) && key === 'covid');
  return `# The story, rerun

Published: a U-Net finds COVID-19 infections in chest X-rays with an IoU of 1.0000. With class weights the scores fall, with the encoder set free
they do not rise, and COVID-19 stays near 0. Here those runs are trained again, by this program on synthetic X-rays in the proportions of
COVID-QU-Ex, and audited: in runs 2 and 3 the class is lost from the labels.

Made by \`npm run story\` in ${Math.ceil(seconds / 60)} min; every figure of a run is read from the files that the run wrote. Other machines may
give other digits.

- **The set:** ${count(images)} phantom images of ${size} x ${size} in the proportions of the infection set; ${count(plain.own.covid.truth.images)} of the ${count(plain.own.summary.images)} test images show COVID-19.
- **The network:** a small U-Net, its weights drawn, ${epochs} epochs of batches of ${batch}; the published ones have a ResNet50 encoder and the real set. Their
  rows stand here to compare what happens, not how much.
- **How the class is lost:** infection masks hold 0 and 1, as \`mask / 255\` leaves them, and the loader cuts at 128 as ever.

## What a notebook reports

Scores on the test split against the labels that the run was trained on, smoothed by 1e-5 and pooled over batches of 32: a class that is in neither mask
counts as perfect.

${reportedTable(runs)}

In run 2, COVID-19 scores ${score(lost.own.covid.iou.batchSmoothed)} (mean over images: ${score(lost.own.covid.iou.imageMeanSmoothed)}) with ${count(lost.own.covid.predicted.pixels)} predicted pixels: ${count(lost.own.covid.emptyPerfect)} of ${count(lost.own.summary.images)} images have
none in either mask. The published ~ 0 of run 3 is the same score: with the class in no label, a single predicted pixel turns a batch's 1 into 0. Here
${count(ofKey['lost-weighted'].own.covid.predicted.pixels)} are predicted with class weights, ${count(ofKey['lost-unfrozen'].own.covid.predicted.pixels)} with the encoder set free.

## What is said of it

Of the labels, by \`train\` before it begins: rule L003, an error, with which it trains under \`--force\` alone. Of ${count(path.raw)} raw COVID-19 pixels
of the test split the encoding leaves ${count(path.encoded)}. While it trains:

${said.map(({ rule, message }) => `- ${rule}: ${message}`).join('\n')}

By \`audit\`, in its first lines:

\`\`\`
${firstSentences(lost.own.said)}
\`\`\`

## What the pixels say

The same models on the same images, against the labels that have the class, pooled over the split.

${pixelTable(runs)}

COVID-19 by pixels: ${pixels('lost')} on the labels that lost it, ${pixels('lost-weighted')} with class weights, ${pixels('lost-unfrozen')} with the encoder set free. On the mended labels:
${pixels('plain')} unweighted, which is run 1, and ${pixels('mended-weighted')} weighted.

${plots.map(({ name, caption }) => `![${caption}](docs/story/${name})`).join('\n\n')}

${waysSection(ways)}`;
}

/** The verdict of an audit: all that stands before its counts. */
function firstSentences(said) {
  const lines = said.split('\n');
  return lines
    .slice(
      0,
      lines.findIndex((line) => /images? scored/.test(line)),
    )
    .join('\n');
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
