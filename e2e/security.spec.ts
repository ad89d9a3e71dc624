import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, root, test } from './fixtures/app.ts';
import { provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

/** Every item of the security design but the fuses (they belong to packaging), asserted from inside the running app. */

test('windows are sandboxed and isolated, and the page has nothing of Node', async ({ start }) => {
  const { app, page } = await start();
  const preferences = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((w) =>
      (w.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences(),
    ),
  );
  expect(preferences).toHaveLength(1);
  expect(preferences[0]).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  });
  const seen = await page.evaluate(() => ({
    url: location.href,
    globals: ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'ipcRenderer', 'electron'].filter(
      (name) => name in window,
    ),
    bridge: Object.keys((window as unknown as { fieldkey: object }).fieldkey).sort(),
  }));
  expect(seen.url).toMatch(/^app:\/\/fieldkey\/index\.html/);
  expect(seen.globals).toEqual([]);
  expect(seen.bridge).toEqual(['call', 'on', 'pathOf']);
});

test('the content security policy is sent by header, with a new nonce each time, and holds', async ({ start }) => {
  const { app, page } = await start();
  const nonces = [];
  for (let i = 0; i < 2; i++) {
    const policy = await app.evaluate(async ({ session }) => {
      const response = await session.defaultSession.fetch('app://fieldkey/index.html');
      const nonce = /nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] ?? '';
      return { header: response.headers.get('content-security-policy'), nonce, inPage: (await response.text()).includes(nonce) };
    });
    expect(policy.header).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${policy.nonce}'; font-src 'self'; img-src 'self' data:; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(policy.inPage).toBe(true);
    nonces.push(policy.nonce);
  }
  expect(nonces[0]).not.toBe(nonces[1]);

  const held = await page.evaluate(async () => {
    const result: Record<string, unknown> = {};
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    result['inline'] = (window as unknown as { injected?: boolean }).injected ?? false;
    // from a task of the page's own: what the debugger evaluates may do more
    result['eval'] = await new Promise((resolve) =>
      setTimeout(() => {
        try {
          resolve(new Function('return 1')());
        } catch (error) {
          resolve((error as Error).name);
        }
      }),
    );
    const style = document.createElement('style');
    style.textContent = 'body { outline: 7px solid red }';
    document.body.append(style);
    result['style'] = getComputedStyle(document.body).outlineWidth === '7px';
    style.remove();
    result['fetch'] = await fetch('app://fieldkey/index.html').then(
      () => 'allowed',
      () => 'refused',
    );
    const frame = document.createElement('iframe');
    frame.src = 'app://fieldkey/index.html';
    document.body.append(frame);
    await new Promise((r) => setTimeout(r, 300));
    result['frame'] = frame.contentDocument?.body?.childElementCount ?? 0;
    frame.remove();
    return result;
  });
  expect(held).toEqual({ inline: false, eval: 'EvalError', style: false, fetch: 'refused', frame: 0 });
});

test('app:// serves the built pages and nothing else', async ({ start }) => {
  const { app } = await start();
  const status = (url: string, method = 'GET') =>
    app.evaluate(
      async ({ session }, [u, m]) => {
        try {
          return (await session.defaultSession.fetch(u, { method: m })).status;
        } catch {
          return 'refused';
        }
      },
      [url, method] as const,
    );
  expect(await status('app://fieldkey/index.html')).toBe(200);
  expect(await status('app://fieldkey/index.html', 'POST')).toBe(405);
  // the first two name files that are there, outside of the folder that is served
  for (const hostile of [
    '..%2fmain%2findex.js',
    '..%2f..%2fpackage.json',
    '%2e%2e/main/index.js',
    '..%5cmain%5cindex.js',
    'nowhere.js',
    '%00',
    '%',
  ]) {
    expect([404, 'refused'], hostile).toContain(await status(`app://fieldkey/${hostile}`));
  }
  for (const url of ['app://evil/index.html', 'file:///etc/passwd'])
    expect([403, 405, 'refused'], url).toContain(await status(url));
});

test('nothing is asked of the network, by nobody in the app', async ({ start }) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { app, page } = await start();
    const fromSession = await app.evaluate(
      ({ session }, u) =>
        session.defaultSession.fetch(`${u}/session`).then(
          () => 'answered',
          () => 'refused',
        ),
      url,
    );
    expect(fromSession).toBe('refused');
    await page.evaluate(async (u) => {
      await fetch(`${u}/fetch`).catch(() => undefined);
      const image = new Image();
      image.src = `${u}/image`;
      const link = document.createElement('link');
      link.rel = 'preconnect prefetch';
      link.href = `${u}/prefetch`;
      document.head.append(link);
      navigator.sendBeacon(`${u}/beacon`);
      await new Promise((r) => setTimeout(r, 500));
    }, url);
    expect(asked).toEqual([]);
  } finally {
    server.close();
  }
});

test('pages go nowhere and open nothing', async ({ start }) => {
  const { app, page } = await start();
  for (const target of [
    'https://example.com/',
    'file:///etc/passwd',
    'app://fieldkey/assets/',
    'javascript:document.title="x"',
  ]) {
    await page.evaluate((url) => {
      const link = document.createElement('a');
      link.href = url;
      document.body.append(link);
      link.click();
      link.remove();
    }, target);
    await page.waitForTimeout(150);
    expect(page.url(), target).toMatch(/^app:\/\/fieldkey\/index\.html/);
  }
  expect(await page.evaluate(() => window.open('app://fieldkey/index.html'))).toBeNull();
  await page.evaluate(() => document.body.append(document.createElement('webview')));
  expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
});

test('every permission is denied', async ({ start }) => {
  const { page } = await start();
  const answers = await page.evaluate(async () => {
    const state = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state;
    return {
      geolocation: await state('geolocation'),
      camera: await state('camera'),
      notifications: await Notification.requestPermission(),
      clipboard: await navigator.clipboard.readText().then(
        () => 'read',
        () => 'denied',
      ),
      media: await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'open',
        () => 'denied',
      ),
      midi: await navigator.requestMIDIAccess().then(
        () => 'open',
        () => 'denied',
      ),
    };
  });
  expect(answers).toEqual({
    geolocation: 'denied',
    camera: 'denied',
    notifications: 'denied',
    clipboard: 'denied',
    media: 'denied',
    midi: 'denied',
  });
});

test('main answers known calls with valid input from its own window only', async ({ start }) => {
  const { app, page } = await start();
  type Bridge = { call(name: string, input?: unknown): Promise<{ ok: boolean; error?: { code: string } }> };
  const call = (name: string, input?: unknown) =>
    page.evaluate(
      ([n, i]) => (window as unknown as { fieldkey: Bridge }).fieldkey.call(n as string, i).catch((e: Error) => e.message),
      [name, input] as const,
    );
  expect(await call('app.start')).toMatchObject({ ok: true });
  expect(await call('constructor')).toContain('unknown call');
  expect(await call('project.list')).toMatchObject({ ok: false, error: { code: 'VAULT_NOT_OPEN' } });
  expect(await call('settings.change', { theme: 'pink' })).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID' } });
  expect(await call('settings.change', { theme: 'dark', extra: 1 })).toMatchObject({
    ok: false,
    error: { code: 'INPUT_INVALID' },
  });
  expect(await call('vault.create', { passphrase: 'short', operator: 'Ana' })).toMatchObject({
    ok: false,
    error: { code: 'PASSPHRASE_WEAK' },
  });
  expect(await call('vault.create', { passphrase: 'x'.repeat(2000), operator: 'Ana' })).toMatchObject({
    ok: false,
    error: { code: 'INPUT_INVALID' },
  });

  // a second window with the same preload, as a compromised page might get one: not answered
  const opened = app.waitForEvent('window');
  await app.evaluate(
    ({ BrowserWindow }, preload) => {
      void new BrowserWindow({ webPreferences: { preload, sandbox: true } }).loadURL('app://fieldkey/index.html');
    },
    path.join(root, 'out/preload/index.cjs'),
  );
  const other = await opened;
  await expect.poll(() => other.evaluate(() => 'fieldkey' in window)).toBe(true);
  const foreign = await other.evaluate(() => (window as unknown as { fieldkey: Bridge }).fieldkey.call('app.start'));
  expect(foreign).toMatchObject({ ok: false });
});

test('no secret of the vault leaves main', async ({ start, scratch }) => {
  const { vault } = await provisionSample(scratch);
  const { page } = await start({ vault });
  await vaultPage(page).unlock();
  await expect(vaultPage(page).unlocked).toBeVisible();
  type Value = {
    value: { projectId: number; rows: { deviceId: number }[]; certificates: { id: number }[] } & { projectId: number }[];
  };
  type Bridge = { call(name: string, input?: unknown): Promise<Value> };
  const everything = await page.evaluate(async () => {
    const { call } = (window as unknown as { fieldkey: Bridge }).fieldkey;
    const answers: unknown[] = [];
    const ask = async (name: string, input?: unknown) => {
      const answer = await call(name, input);
      answers.push(answer);
      return answer.value;
    };
    const projectId = (await ask('project.list'))[0]?.projectId;
    const deviceId = (await ask('device.list', { projectId })).rows[0]?.deviceId;
    const certificateId = (await ask('device.show', { deviceId })).certificates[0]?.id;
    await ask('certificate.show', { certificateId });
    for (const name of ['project.overview', 'preview.broker', 'export.state']) await ask(name, { projectId });
    await ask('preview.device', { deviceId });
    await ask('audit.verify');
    await ask('app.start');
    return JSON.stringify(answers);
  });
  expect(everything).toContain('BEGIN CERTIFICATE');
  expect(everything).not.toMatch(/PRIVATE KEY|correct horse|MIGHAgEAMBMGByqGSM49|MHcCAQEE/);
});
