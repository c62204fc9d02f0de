/**
 * The page's style sheet. A table that goes on beyond the edge of its box has a shade there, which scrolling takes away.
 * Text has a contrast of at least 4.5 to 1 against its ground in both schemes. Nothing is fetched: fonts
 * are the reader's own.
 */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;--link:#0550ae;--bar:#86b6e6;--shade:#0003;
--error:#a40e26;--warning:#7a4b00;--info:#0550ae;--dot:#1b1f24}
@media (prefers-color-scheme:dark){:root{--bg:#0f1419;--fg:#e6edf3;--soft:#9da7b3;--line:#39424c;--card:#171d24;--link:#79b8ff;
--bar:#2f6ea8;--shade:#fff4;--error:#ff9492;--warning:#f0b72f;--info:#79b8ff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
header,main,footer,nav{max-width:72rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{font-size:1.7rem;line-height:1.2;margin:0}
h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
h4{font-size:.95rem;margin:1rem 0 .25rem}
p{margin:.5rem 0;max-width:46rem}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
header p,.note,.counts,figcaption,small,dd{color:var(--soft)}
.note,small,footer{font-size:.875rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;margin:.75rem 0 0}
.verdict{font-size:1.15rem;font-weight:600;border-left:4px solid var(--link);padding:.25rem 0 .25rem .9rem;max-width:none}
.verdicts{padding-left:1.2rem;max-width:60rem}
.verdicts li{margin:.35rem 0}
.banner{border:1px solid var(--warning);border-left-width:4px;padding:.5rem .8rem;max-width:none;color:var(--warning)}
.scroll{overflow-x:auto;margin:.75rem 0 1.25rem;background:linear-gradient(90deg,var(--bg) 30%,transparent) local,
linear-gradient(270deg,var(--bg) 30%,transparent) 100% 0 local,linear-gradient(90deg,var(--shade),transparent),
linear-gradient(270deg,var(--shade),transparent) 100% 0;background-size:3rem 100%,3rem 100%,1rem 100%,1rem 100%;background-repeat:no-repeat}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:.85rem;padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--line);font-weight:600;vertical-align:bottom}
tbody th{font-weight:500}
.figures{text-align:right}
td.figures{white-space:nowrap}
td.sentences{min-width:15rem}
td.words,th code{white-space:nowrap}
td.figures+td:not(.figures){padding-left:.5rem}
td,th{overflow-wrap:break-word;min-width:3.5rem}
tbody th{min-width:7rem}
td .path,th .path{display:inline-block;min-width:12rem}
.none{text-decoration:none;color:var(--soft);cursor:help}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:1.25rem 2rem;margin:1rem 0}
figure{margin:0}
.plot{max-width:420px}
.plot figcaption{font-size:.875rem;margin-bottom:.25rem;color:var(--fg)}
.plot svg{display:block;width:100%;height:auto;overflow:visible}
.plot text{white-space:pre}
dl{max-width:52rem}
dt{font-weight:600}
dd{margin:0 0 .6rem}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;margin:.75rem 0;padding:0;list-style:none;max-width:none;font-size:.875rem}
.legend dt,.legend dd{display:inline;margin:0}
.legend dd::before{content:": "}
.swatch{vertical-align:-2px;margin-right:.4rem}
.case{margin:1rem 0 1.75rem;break-inside:avoid}
.panels{display:grid;grid-template-columns:repeat(4,1fr);gap:.5rem;margin-top:.4rem;max-width:64rem}
.panel svg{display:block;width:100%;height:auto;background:#404040}
.panel span{display:block;margin-top:.2rem;font-size:.8rem;line-height:1.3;color:var(--soft)}
.answers{grid-template-columns:repeat(3,1fr);max-width:50rem}
.panel image{image-rendering:auto}
.region{fill-rule:evenodd;stroke-width:1.5;vector-effect:non-scaling-stroke}
.path{overflow-wrap:anywhere;unicode-bidi:isolate}
.badge{font-weight:600;white-space:nowrap}
.error{color:var(--error)}.warning{color:var(--warning)}.info{color:var(--info)}
.rule .title{font-weight:400}
.rule details{margin:.5rem 0;padding:.1rem .9rem;background:var(--card);border:1px solid var(--line);border-radius:6px}
summary{cursor:pointer;padding:.4rem 0;font-weight:500}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{overflow-x:auto;padding:.5rem .75rem;background:var(--card);border:1px solid var(--line)}
footer{margin:3rem auto 2rem;color:var(--soft)}
.defs{position:absolute;width:0;height:0}
@media (min-width:800px){tbody th{min-width:9.5rem}}
@media (max-width:640px){.panels,.answers{grid-template-columns:repeat(2,1fr)}h1{font-size:1.4rem}}
@media print{
:root{color-scheme:light;--bg:#fff;--fg:#000;--soft:#444;--line:#bbb;--card:#fff;--link:#000;--bar:#9cc3e8;--error:#a40e26;--warning:#7a4b00;--info:#0550ae}
@page{margin:14mm}
body{font-size:10.5pt}
nav{display:none}
header,main,footer{max-width:none;padding:0}
h2,h3,h4,caption{break-after:avoid}
tr,.plot,.case,.panels,.legend{break-inside:avoid}
thead{display:table-header-group}
.scroll{overflow:visible;background:none;break-inside:avoid}
table{font-size:8pt;width:100%}
th,td{padding-right:.3rem;min-width:0}
td.words{white-space:normal}
td.sentences,td .path,th .path,tbody th{min-width:0}
.plots{grid-template-columns:repeat(2,1fr)}
.panels{grid-template-columns:repeat(4,1fr)}
.answers{grid-template-columns:repeat(3,1fr)}
svg,.swatch{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;block-size:auto;height:auto}
a{text-decoration:none}
}
`.trim();
