import { existsSync, statfsSync } from 'node:fs';
import { WorkError } from '../../../errors.js';
import { PLATFORM, type Variant } from '../installation.js';

/** Null where there is such a TensorFlow for this system, else why not and what to do instead. */
export function unsupported(variant: Variant | null): string | null {
  const instead = 'use an .onnx model (engine onnx)';
  if (PLATFORM !== 'linux-x64' && PLATFORM !== 'linux-arm64') {
    return `native TensorFlow is installed on Linux (x64, arm64) alone, and this is ${PLATFORM}: ${instead}`;
  }
  if (variant === 'gpu' && PLATFORM !== CUDA_PLATFORM)
    return `TensorFlow's wheel for ${PLATFORM} has no CUDA: use --cpu`;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const glibc = header.glibcVersionRuntime;
  if (glibc === undefined) return `TensorFlow's wheel needs glibc, and this system has another C library: ${instead}`;
  const [major, minor] = glibc.split('.').map(Number);
  if (major > 2 || minor >= 27) return null;
  return `TensorFlow's wheel needs glibc 2.27 or newer, and this is ${glibc}: ${instead}`;
}

/** The only one whose wheel has CUDA kernels. */
const CUDA_PLATFORM = 'linux-x64';

/** An NVIDIA driver runs here, and TensorFlow could use it. */
export function hasUsableDriver(): boolean {
  return (
    PLATFORM === CUDA_PLATFORM && ['/proc/driver/nvidia/version', '/dev/nvidiactl'].some((file) => existsSync(file))
  );
}

const MB = 1e6;
/** At the fullest moment, with a fifth over: measured for a GPU, by the sizes of wheels and packages for the others. */
const NEEDED = { cpu: 1700 * MB, gpu: 8000 * MB, keras: 1400 * MB };

/** @throws WorkError where the disk has not the room */
export function checkSpace(folder: string, { variant, withKeras }: { variant: Variant; withKeras: boolean }): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const needed = NEEDED[variant] + (withKeras ? NEEDED.keras : 0);
  if (free >= needed) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new WorkError(
    `not enough room in ${folder}: ${gigabytes(free)} free, ${gigabytes(needed)} needed while TensorFlow is installed; ` +
      'free some, or name a folder on another disk with --dir',
  );
}
