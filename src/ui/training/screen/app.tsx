import { Box } from 'ink';
import { explainRules } from '../../../pipeline/checks/explain.js';
import { Area } from '../../screen/areas.js';
import { HEAD, LEAST } from '../../screen/layout.js';
import { keyHelp } from '../../screen/parts/key-help.js';
import { drawTextPage, WIDEST_TEXT } from '../../screen/parts/text-page.js';
import type { Theme } from '../../screen/theme.js';
import { drawTiny } from '../../screen/views/pages.js';
import { trainHelp } from './train-keys.js';
import type { TrainModel } from './train-model.js';
import type { Over, TrainFacts } from './train-view-state.js';
import { drawCurves } from './views/curves.js';
import { drawTrainFindings } from './views/findings.js';
import { drawTrainFoot, drawTrainTabs } from './views/foot.js';
import { drawTrainHead } from './views/head.js';
import { drawScores } from './views/scores.js';

export interface TrainAppProps {
  model: TrainModel;
  facts: TrainFacts;
}

/** The screen of a training, for those who know nothing of React. */
export const trainTree = (props: TrainAppProps) => <App {...props} />;

function App({ model, facts }: TrainAppProps) {
  const { columns, rows, kind } = model.layout;
  if (kind === 'tiny') return <Area width={columns} height={rows} draw={() => drawTiny(columns, rows, LEAST)} />;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Area width={columns} height={HEAD} draw={(width) => drawTrainHead(model, width)} />
      {kind === 'tabs' ? <Area width={columns} height={1} draw={(width) => drawTrainTabs(model, width)} /> : null}
      <Body model={model} />
      <Area width={columns} height={1} draw={(width) => drawTrainFoot(model, facts, width)} />
    </Box>
  );
}

const PAGES = { curves: drawCurves, scores: drawScores, findings: drawTrainFindings } as const;

function Body({ model }: { model: TrainModel }) {
  const { layout, view, theme } = model;
  const { body } = layout;
  const over = view.over.at(-1);
  if (over) {
    const draw = (width: number, height: number) =>
      drawTextPage(titleOf(over), textOf(over, width, theme), { scroll: over.scroll, width, height }, theme);
    return <Area width={body.columns} height={body.rows} draw={draw} />;
  }
  if (layout.kind === 'tabs') {
    const draw = PAGES[view.page];
    return <Area width={body.columns} height={body.rows} draw={(width, height) => draw(model, width, height)} />;
  }
  const { curves, side, scores, findings } = layout;
  return (
    <Box columnGap={2} width={body.columns} height={body.rows}>
      <Area width={curves} height={body.rows} draw={(width, height) => drawCurves(model, width, height)} />
      <Box flexDirection="column" rowGap={1}>
        <Area width={side} height={scores} draw={(width, height) => drawScores(model, width, height)} />
        <Area width={side} height={findings} draw={(width, height) => drawTrainFindings(model, width, height)} />
      </Box>
    </Box>
  );
}

const titleOf = (over: Over) => (over.kind === 'help' ? 'Keys' : `Rule ${over.rule}`);

/** The lines of a page of text, of which a part is seen. */
export function textOf(over: Over, width: number, theme: Theme): string[] {
  const room = Math.min(width, WIDEST_TEXT);
  return over.kind === 'help' ? keyHelp(trainHelp(), room, theme) : explainRules(over.rule, room).split('\n');
}
