// The story's plots, drawn as the reports' are, as pictures that stand alone. Bundled: it uses the program's sources.
import { openPlots } from '../../src/pipeline/report/plot.ts';

const REPORTED = 'IoU as smoothing over images reports it';
const PIXELS = 'IoU by pixels';

/** @returns name, words and SVG of each */
export async function drawPlots(runs) {
  const plots = await openPlots();
  const bars = (name, caption, scoreOf) => {
    const drawn = plots.shareBars(
      caption,
      runs.map((run) => ({ name: run.short, value: scoreOf(run) })),
    );
    return picture(name, caption, drawn);
  };
  const curves = (name, run) => {
    const caption = `Run ${run.short}: COVID-19 on the validation split, by epoch`;
    return picture(name, caption, drawCurves(plots, caption, run.training.epochs));
  };
  const ofKey = (key) => runs.find((run) => run.key === key);
  return [
    bars('reported', `COVID-19 ${REPORTED}, on the labels of each run`, (run) => run.own.covid.iou.imageMeanSmoothed),
    bars('pixels', `COVID-19 ${PIXELS}, on the whole labels`, (run) => run.whole.covid.iou.pooled),
    curves('curves-plain', ofKey('plain')),
    curves('curves-lost', ofKey('lost')),
  ];
}

/** Two lines, each with its name at its end; where a score is undefined, a line has a gap. */
function drawCurves({ figure, dot, link, text, ruleY }, caption, epochs) {
  const lines = [
    { name: REPORTED, key: 'imageMeanSmoothed', dash: '4 3', side: -11 },
    { name: PIXELS, key: 'pooled', dash: null, side: 13 },
  ].map((line) => ({ ...line, points: covidPoints(epochs, line.key) }));
  const words = lines.map(
    ({ name, points }) => `${name} ${points.map(({ iou }) => iou.toFixed(2)).join(', ') || 'undefined'}`,
  );
  const ends = { x1: (d) => d.from.epoch, y1: (d) => d.from.iou, x2: (d) => d.to.epoch, y2: (d) => d.to.iou };
  return figure(caption, `${caption}. ${words.join('. ')}`, {
    height: 240,
    marginTop: 18,
    x: { domain: [1, epochs.length], ticks: Math.min(epochs.length, 8), tickFormat: 'd', label: 'epoch' },
    y: { domain: [0, 1.1], ticks: 5, label: null },
    marks: [
      ruleY([0]),
      ...lines.flatMap(({ name, points, dash, side }) => [
        link(neighbours(points), { ...ends, stroke: 'currentColor', strokeDasharray: dash, strokeWidth: 1.5 }),
        dot(points, { x: 'epoch', y: 'iou', r: 2, fill: 'currentColor' }),
        text([points.at(-1) ?? { iou: 0.5 }], {
          ...{ x: epochs.length, y: 'iou', dy: side, textAnchor: 'end', stroke: '#fff', strokeWidth: 3 },
          ...{ fill: 'currentColor', text: () => (points.length > 0 ? name : `${name}: undefined in every epoch`) },
        }),
      ]),
    ],
  });
}

function covidPoints(epochs, convention) {
  return epochs.flatMap(({ epoch, val }) => {
    const iou = val.classes.find(({ key }) => key === 'covid').iou[convention];
    return iou === null ? [] : [{ epoch, iou }];
  });
}

const neighbours = (points) =>
  points.slice(1).flatMap((to, i) => (to.epoch === points[i].epoch + 1 ? [{ from: points[i], to }] : []));

/** The drawing without its figure, to stand alone: on a ground of its own, in colours that need no style sheet. */
function picture(name, caption, { markup }) {
  const drawn = markup.slice(markup.indexOf('<svg'), markup.lastIndexOf('</svg>') + '</svg>'.length);
  const [, attributes, rest] = /^<svg([^>]*)>([\s\S]*)$/.exec(drawn);
  const kept = attributes.replace(/ (?:style|font-size|xmlns)="[^"]*"/g, '');
  const opening = `<svg xmlns="http://www.w3.org/2000/svg" font-size="12"${kept}><rect width="100%" height="100%" fill="#fff"/>`;
  const svg = `${opening}${rest}`.replaceAll('var(--bar)', '#86b6e6').replaceAll('currentColor', '#1b1f24');
  return { name: `${name}.svg`, caption, svg: `${svg}\n` };
}
