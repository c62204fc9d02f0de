// What is trained, in the order of the story. `published` is what was reported of the run that it follows, as far as it was, ranges
// and bounds as they were given.

const WEIGHTS = ['--class-weights', '0.1,3,10,3'];

export const RUNS = [
  {
    key: 'plain',
    short: '1 plain',
    name: 'Plain U-Net',
    labels: 'whole',
    train: () => [],
    published: { meanDice: '0.6066', meanIou: '0.5418', accuracy: '0.9422' },
  },
  {
    key: 'lost',
    short: '2 lost',
    name: 'The same, COVID-19 lost from the labels',
    labels: 'lost',
    train: () => [],
    published: {
      ...{ meanDice: '0.6934', meanIou: '0.5930', accuracy: '0.9556' },
      ...{ lung: '0.6601', covid: '1.0000', 'non-covid': '0.5623' },
    },
  },
  {
    key: 'lost-weighted',
    short: '3 weighted',
    name: 'On those labels, classes weighted 0.1 / 3 / 10 / 3',
    labels: 'lost',
    train: () => WEIGHTS,
    published: { meanDice: '0.44', accuracy: '> 0.9', lung: '0.55 to 0.6', covid: '~ 0', 'non-covid': '< 0.45' },
  },
  {
    key: 'lost-unfrozen',
    short: '3 unfrozen',
    name: 'And the encoder frozen, set free halfway',
    labels: 'lost',
    train: (epochs) => [...WEIGHTS, '--freeze', 'encoder', '--unfreeze', `all@${Math.ceil(epochs / 2) + 1}`],
    published: null,
  },
  {
    key: 'mended-weighted',
    short: '4 mended, weighted',
    name: 'The labels mended, classes weighted 0.1 / 3 / 10 / 3',
    labels: 'whole',
    train: () => WEIGHTS,
    published: null,
  },
];
