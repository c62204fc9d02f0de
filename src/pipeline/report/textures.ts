import { differenceColours, hex, OKABE_ITO } from '../overlays/palette.js';
import { type Html, html } from './html.js';

const HIT = hex(differenceColours.hit);
const MISS = hex(differenceColours.missed);
const ALARM = hex(differenceColours['false alarm']);
const APART = hex(OKABE_ITO.reddishPurple);

/**
 * The fills of outcomes, each a colour and a texture, so that they are told apart without colour, over an X-ray too. One
 * definition for the page; drawings name them as `url(#p-miss)`.
 */
export function textures(): Html {
  return html`<svg class="defs" aria-hidden="true"><defs>
<pattern id="p-hit" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="${HIT}" fill-opacity=".6"/></pattern>
<pattern id="p-miss" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6"
 fill="${MISS}" fill-opacity=".25"/><rect width="3" height="6" fill="${MISS}"/></pattern>
<pattern id="p-disjoint" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="${APART}"
 fill-opacity=".25"/><path d="M0 3H6M3 0V6" stroke="${APART}" stroke-width="1.8"/></pattern>
<pattern id="p-false_alarm" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="${ALARM}"
 fill-opacity=".7"/><circle cx="3" cy="3" r="1.3" fill="#1b1f24"/></pattern>
</defs></svg>`;
}
