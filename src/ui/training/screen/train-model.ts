import type { Theme } from '../../screen/theme.js';
import type { TrainLayout } from './train-layout.js';
import type { TrainState } from './train-state.js';
import type { TrainViewState } from './train-view-state.js';

/** What the screen is about, known before anything has happened. */
export interface TrainSubject {
  /** `train`, or `show` of a training that is over. */
  command: string;
  /** The dataset or the run, as a person in the current folder would type it. */
  dataset: string;
}

/** Everything that is drawn; views are functions of it. */
export interface TrainModel {
  subject: TrainSubject;
  state: TrainState;
  view: TrainViewState;
  theme: Theme;
  layout: TrainLayout;
}
