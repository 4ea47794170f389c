/** Two colours beside black and white, both readable on white (4.5:1) and in a print without colour: words carry every fact. */
export const HTML_STYLE = `:root { color-scheme: light dark; --line: #8888; --bad: #b3261e; --good: #1b6e3c; --shade: #8881; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #81c995; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 .3rem; } h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; }
.verdict { font-size: 1.2rem; font-weight: 700; margin: .3rem 0; } .quiet, small { opacity: .75; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; min-width: 40rem; }
caption { text-align: left; opacity: .75; padding: .2rem 0; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; font-weight: 400; }
thead th { background: var(--shade); font-weight: 600; } tbody th { font-weight: 500; }
.matrix thead th:first-child, .matrix tbody th { position: sticky; left: 0; background: Canvas; }
.block, .loses { color: var(--bad); } .gains { color: var(--good); } .critical { font-weight: 700; }
.blocking { border-left: 4px solid var(--bad); padding-left: 1rem; } .box { border: 2px solid var(--bad); padding: .5rem 1rem; }
code { white-space: nowrap; font: 13px ui-monospace, monospace; } bdi { unicode-bidi: isolate; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
footer { margin-top: 2rem; opacity: .75; font-size: .9em; }
@media print { body { margin: 0; max-width: none; font-size: 10px; } .scroll { overflow: visible; } table { min-width: 0; width: 100%; }
  tr { break-inside: avoid; } h2 { break-after: avoid; } .matrix thead th:first-child, .matrix tbody th { position: static; } @page { size: landscape; margin: 12mm; } }
`;
