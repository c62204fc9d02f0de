import type { Theme } from '../theme.js';

/**
 * A bar of exactly `width` columns for a share of 1. By eighths of a column where the terminal has them; whatever is not nothing
 * shows at least its smallest sign, since rare classes are what people look for.
 */
export function shareBar(share: number | null, width: number, { signs }: Pick<Theme, 'signs'>): string {
  if (width < 1) return '';
  const cells = Math.max(0, Math.min(1, share ?? 0)) * width;
  const steps = signs.eighths.length + 1;
  let units = Math.floor(cells * steps + 1e-9);
  if (units === 0 && cells > 0) units = 1;
  const full = Math.floor(units / steps);
  const part = units % steps;
  const drawn = signs.full.repeat(full) + (part > 0 ? signs.eighths[part - 1] : '');
  return drawn + signs.rest.repeat(width - full - (part > 0 ? 1 : 0));
}
