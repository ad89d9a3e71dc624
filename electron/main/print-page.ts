import type { PrintedBlock, PrintedDocument } from '../../shared/model/printed.ts';

/** Text as HTML text or attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A document as a page without script or anything fetched. Black on white, also where it is printed without colour. */
export function printPage(document: PrintedDocument, nonce: string): string {
  const { language, title, blocks } = document;
  return `<!doctype html>
<html lang="${escapeHtml(language)}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style nonce="${escapeHtml(nonce)}">${style}</style></head>
<body><h1>${escapeHtml(title)}</h1>${blocks.map(blockHtml).join('\n')}</body></html>`;
}

/** What stands at the foot of each page; Chromium fills in the numbers. */
export function printFoot({ foot, pageNumber }: PrintedDocument): string {
  const numbers = escapeHtml(pageNumber)
    .replace('{page}', '<span class="pageNumber"></span>')
    .replace('{pages}', '<span class="totalPages"></span>');
  return `<div style="display:flex;justify-content:space-between;gap:12mm;width:100%;margin:0 16mm;font:8px sans-serif;color:#000">
<span style="overflow:hidden;text-overflow:ellipsis;white-space:nowrap">${escapeHtml(foot)}</span><span style="white-space:nowrap">${numbers}</span></div>`;
}

function blockHtml(block: PrintedBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'signature':
      return `<p class="signature">${escapeHtml(block.text)}</p>`;
    case 'code':
      return `<p class="code">${escapeHtml(block.text)}</p>`;
    case 'verdict':
      return `<div class="verdict"><b>${block.good ? '✓' : '✗'} ${escapeHtml(block.title)}</b>${block.lines
        .map((line) => `<p>${escapeHtml(line)}</p>`)
        .join('')}</div>`;
    case 'facts':
      return `<table class="facts">${block.facts
        .map(([term, value]) => `<tr><th>${escapeHtml(term)}</th><td>${escapeHtml(value)}</td></tr>`)
        .join('')}</table>`;
    case 'table':
      return `<table><thead><tr>${block.columns.map((column) => `<th>${escapeHtml(column)}</th>`).join('')}</tr></thead><tbody>${block.rows
        .map(
          (row) =>
            `<tr>${row.map((cell, index) => `<td${block.mono.includes(index) ? ' class="mono"' : ''}>${escapeHtml(cell)}</td>`).join('')}</tr>`,
        )
        .join('')}</tbody></table>`;
  }
}

const style = `
body { margin: 0; background: #fff; color: #000; font: 10.5pt/1.4 "Inter Variable", "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif; }
h1 { margin: 0 0 5mm; font-size: 19pt; line-height: 1.2; }
h2 { margin: 8mm 0 2mm; padding-bottom: 1mm; border-bottom: .5pt solid #000; font-size: 12.5pt; break-after: avoid; }
p { margin: 0 0 2mm; }
.code, .mono { font-family: "Cascadia Mono", Menlo, "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: 8.5pt; overflow-wrap: anywhere; }
.verdict { margin: 4mm 0; padding: 3mm 4mm; border: 1.2pt solid #000; border-radius: 1.5mm; break-inside: avoid; }
.verdict b { display: block; font-size: 12pt; }
.verdict p { margin: 1mm 0 0; }
table { width: 100%; border-collapse: collapse; font-size: 9pt; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: 1.2mm 3mm 1.2mm 0; border-bottom: .3pt solid #888; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-bottom: .8pt solid #000; white-space: nowrap; }
table + p { margin-top: 3mm; }
.signature { margin-top: 18mm; break-inside: avoid; }
.facts { width: auto; font-size: 10pt; break-inside: avoid; }
.facts th { padding-right: 8mm; font-weight: 600; white-space: nowrap; }
`;
