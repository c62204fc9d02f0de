import { Box } from 'ink';
import { Area } from './areas.js';
import { HEAD, LEAST } from './layout.js';
import type { Model } from './model.js';
import type { Facts } from './reduce-key.js';
import { drawFoot, drawTabs } from './views/foot.js';
import { drawHead } from './views/head.js';
import { drawImage, imageScene } from './views/image.js';
import { drawFindings, drawImages } from './views/lists.js';
import { drawOverview } from './views/overview.js';
import { drawFilter, drawPaths, drawText, drawTiny } from './views/pages.js';

export interface AppProps {
  model: Model;
  facts: Facts;
}

/** The screen of a run, for those who know nothing of React. */
export const runTree = (props: AppProps) => <App {...props} />;

function App({ model, facts }: AppProps) {
  return model.layout.kind === 'tiny' ? <Tiny model={model} /> : <Whole model={model} facts={facts} />;
}

function Tiny({ model: { layout } }: { model: Model }) {
  const { columns, rows } = layout;
  return <Area width={columns} height={rows} draw={() => drawTiny(columns, rows, LEAST)} />;
}

function Whole({ model, facts }: AppProps) {
  const { layout, view } = model;
  const { columns, rows, body, kind } = layout;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Area width={columns} height={HEAD} draw={(width) => drawHead(model, width)} />
      {kind === 'tabs' ? <Area width={columns} height={1} draw={(width) => drawTabs(model, width)} /> : null}
      <Box width={columns} height={body.rows}>
        {view.over.length > 0 ? (
          <OverPage model={model} facts={facts} />
        ) : kind === 'tabs' ? (
          <OnePage model={model} />
        ) : (
          <Panes model={model} />
        )}
      </Box>
      <Area width={columns} height={1} draw={(width) => drawFoot(model, facts, width)} />
    </Box>
  );
}

function OverPage({ model, facts }: AppProps) {
  const { body } = model.layout;
  const over = model.view.over.at(-1);
  const draw = (width: number, height: number) => {
    switch (over?.kind) {
      case 'image': {
        const scene = imageScene(model);
        return scene ? drawImage(scene, width, height) : [];
      }
      case 'filter':
        return drawFilter(model, over, facts.choices(over.list), width, height);
      case 'paths':
        return drawPaths(model, width, height);
      case 'help':
      case 'explain':
        return drawText(model, over, width, height);
      default:
        return [];
    }
  };
  return <Area width={body.columns} height={body.rows} draw={draw} />;
}

const PAGES = { overview: drawOverview, findings: drawFindings, images: drawImages } as const;

function OnePage({ model }: { model: Model }) {
  const { body } = model.layout;
  const draw = PAGES[model.view.page];
  return <Area width={body.columns} height={body.rows} draw={(width, height) => draw(model, width, height)} />;
}

/** The overview beside the lists. */
function Panes({ model }: { model: Model }) {
  const { body, overview, side, findings, images } = model.layout;
  return (
    <Box columnGap={2}>
      <Area width={overview} height={body.rows} draw={(width, height) => drawOverview(model, width, height)} />
      <Box flexDirection="column" rowGap={findings > 0 && images > 0 ? 1 : 0}>
        {findings > 0 ? (
          <Area width={side} height={findings} draw={(width, height) => drawFindings(model, width, height)} />
        ) : null}
        {images > 0 ? (
          <Area width={side} height={images} draw={(width, height) => drawImages(model, width, height)} />
        ) : null}
      </Box>
    </Box>
  );
}
