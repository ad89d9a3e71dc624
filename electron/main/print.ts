import { randomBytes } from 'node:crypto';
import { BrowserWindow, type Session, session } from 'electron';
import type { PrintedDocument } from '../../shared/model/printed.ts';
import { writeWhole } from '../bundle/whole-file.ts';
import { printFoot, printPage } from './print-page.ts';
import { appOrigin, appScheme, refuseFiles } from './protocol.ts';
import { denyPermissions } from './session-policy.ts';

const pageUrl = `${appOrigin}/print.html`;

/** ms; a page of text is laid out in a second or two, thousands of lines in ten. */
const patience = 60_000;

/**
 * Prints a document as PDF (A4) into a file. The page is a hidden one of our own, without scripts, bridge or storage, in a
 * session of its own that serves this one text and refuses everything else.
 * @throws EXPORT_NOT_WRITABLE
 */
export async function printToFile(document: PrintedDocument, file: string): Promise<{ file: string }> {
  const pdf = await printToBytes(document);
  await writeWhole(file, (write) => write(pdf));
  return { file };
}

/** The same, as bytes. */
export async function printToBytes(document: PrintedDocument): Promise<Uint8Array> {
  const nonce = randomBytes(16).toString('base64');
  const own = session.fromPartition(`print-${randomBytes(8).toString('hex')}`);
  serveOne(own, printPage(document, nonce), nonce);
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: own,
      javascript: false,
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      webviewTag: false,
      images: false,
      spellcheck: false,
      devTools: false,
    },
  });
  const late = setTimeout(() => window.destroy(), patience);
  try {
    await window.loadURL(pageUrl);
    return await window.webContents.printToPDF({
      pageSize: 'A4',
      margins: { top: 0.7, bottom: 0.8, left: 0.65, right: 0.65 },
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: printFoot(document),
      generateTaggedPDF: true,
    });
  } finally {
    clearTimeout(late);
    if (!window.isDestroyed()) window.destroy();
    own.protocol.unhandle(appScheme);
  }
}

function serveOne(own: Session, html: string, nonce: string): void {
  denyPermissions(own);
  refuseFiles(own);
  own.webRequest.onBeforeRequest((details, decide) => decide({ cancel: details.url !== pageUrl }));
  own.protocol.handle(appScheme, (request) =>
    request.url === pageUrl
      ? new Response(html, {
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
          },
        })
      : new Response(null, { status: 404 }),
  );
}
