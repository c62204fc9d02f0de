import { describe, expect, it } from 'vitest';
import { escaped, html, trusted } from '../../../src/pipeline/report/html.js';

describe('html', () => {
  it('escapes what is put into it, between tags and in attributes', () => {
    expect(html`<a title="${'"><script>'}">${"<b>&'"}</a>`.markup).toBe(
      '<a title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</a>',
    );
  });

  it('keeps markup of its own, in lists too, and leaves out what is nothing', () => {
    const rows = ['<', '>'].map((sign) => html`<li>${sign}</li>`);
    expect(html`<ul>${rows}${null}${false}${undefined}${0}</ul>`.markup).toBe('<ul><li>&lt;</li><li>&gt;</li>0</ul>');
    expect(html`${trusted('<hr>')}`.markup).toBe('<hr>');
  });

  it('makes visible what could not be seen, or would turn the text around', () => {
    expect(escaped('a\u202eb\u0000c\u200bd\ne')).toBe('a\\u202eb\\x00c\\u200bd\\ne');
  });
});
