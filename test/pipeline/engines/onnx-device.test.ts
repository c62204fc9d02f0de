import { expect, test } from 'vitest';
import { judgeProfile } from '../../../src/pipeline/engines/onnx-device.js';

const node = (provider: string) => ({
  cat: 'Node',
  name: 'Conv_kernel_time',
  dur: 5,
  args: { provider, op_name: 'Conv' },
});
const judge = (...events: object[]) =>
  judgeProfile(JSON.stringify([{ cat: 'Session', name: 'model_run', dur: 9 }, ...events]));

test('the device is where the operators really ran', () => {
  const [cuda, cpu] = [node('CUDAExecutionProvider'), node('CPUExecutionProvider')];
  expect(judge(cuda, cuda)).toEqual({ device: 'cuda:0', note: null });
  expect(judge(cuda, cuda, cpu)).toEqual({
    device: 'cuda:0',
    note: '2 of 3 operators ran on cuda:0, the others on the CPU',
  });
  expect(judge(cuda, cpu, cpu)).toEqual({
    device: 'cpu',
    note: '1 of 3 operators ran on cuda:0, the others on the CPU',
  });
  expect(judge(cpu)).toEqual({ device: 'cpu', note: '0 of 1 operators ran on cuda:0, the others on the CPU' });
});
