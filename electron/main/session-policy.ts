import { app, type Session, type WebContents } from 'electron';
import { appOrigin } from './protocol.ts';

/** Pages of ours get no permission at all: what the program needs (clipboard, files) main does itself. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** Cancels every request but those to our own pages: the window works with the network cable out, always. */
export function denyForeignRequests(session: Session, developmentOrigin: string | null): void {
  const allowed = [`${appOrigin}/`, 'data:', 'devtools:'];
  if (developmentOrigin) allowed.push(developmentOrigin, developmentOrigin.replace('http', 'ws'));
  session.webRequest.onBeforeRequest((details, decide) =>
    decide({ cancel: !allowed.some((start) => details.url.startsWith(start)) }),
  );
}

/** No page may go anywhere, open a window or embed another page. */
export function denyNavigation(): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
