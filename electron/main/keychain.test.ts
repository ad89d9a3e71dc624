import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeychainObstacle } from '../../shared/model/keychain.ts';
import type { VaultState } from '../../shared/model/vault.ts';
import { testKdfCost, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { removeAllKeychains } from '../vault/keychain.ts';
import { Vault } from '../vault/vault.ts';
import { createKeychainHandlers } from './ipc/keychain-handlers.ts';
import { Keychain, type SafeStorage } from './keychain.ts';
import type { VaultHost } from './vault-host.ts';
import { createVaultService, type VaultHandlers } from './vault-service.ts';

/** Seals with a key of its own, as the keychain of one account on one computer does. */
function account(more: Partial<SafeStorage> = {}): SafeStorage {
  const key = randomBytes(32);
  return {
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => 'gnome_libsecret',
    encryptString: (text) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    decryptString: (sealed) => {
      const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
      cipher.setAuthTag(sealed.subarray(12, 28));
      return Buffer.concat([cipher.update(sealed.subarray(28)), cipher.final()]).toString();
    },
    ...more,
  };
}

let folder: string;
let file: string;
let stored: string;
let service: VaultHandlers;
let latest: VaultState | null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-keychain-'));
  file = join(folder, 'v.fieldkey');
  stored = join(folder, 'user', 'keychain.json');
  (await testVault(file)).close();
  service = createVaultService({ kdfCost: testKdfCost });
  latest = null;
});
afterEach(() => {
  service['vault.close']();
  rmSync(folder, { recursive: true, force: true });
});

const state = () => service['vault.use']({ file, held: new Keychain(account(), stored).slots });

/** The calls of a page on a computer with this keychain. */
function computer(storage: SafeStorage, at = stored, platform: NodeJS.Platform = 'linux') {
  const keychain = new Keychain(storage, at, platform);
  // what goes to the thread is copied on the way, as postMessage does
  const call = async (name: string, input: unknown) =>
    (service as unknown as Record<string, (input: unknown) => unknown>)[name]?.(structuredClone(input));
  const host = { call } as unknown as Pick<VaultHost, 'call'>;
  const changed = (next: VaultState) => {
    latest = next;
    return next;
  };
  const calls = createKeychainHandlers({ host, keychain, vaultFile: () => file, vaultState: () => latest, changed });
  return { keychain, ...calls };
}

describe('a keychain', () => {
  const cases: readonly [string, NodeJS.Platform, Partial<SafeStorage>, KeychainObstacle | null][] = [
    ['basic_text, whatever it claims', 'linux', { getSelectedStorageBackend: () => 'basic_text' }, 'plain'],
    ['no answer from a keyring', 'linux', { isEncryptionAvailable: () => false }, 'none'],
    ['a backend of no name that is known', 'linux', { getSelectedStorageBackend: () => 'unknown' }, 'none'],
    ['GNOME', 'linux', {}, null],
    ['KDE', 'linux', { getSelectedStorageBackend: () => 'kwallet6' }, null],
    ['macOS without one', 'darwin', { isEncryptionAvailable: () => false }, 'none'],
    ['Windows', 'win32', { getSelectedStorageBackend: () => '' }, null],
  ];
  it.each(cases)('is used only where it protects something: %s', async (_, platform, more, obstacle) => {
    const here = computer(account(more), stored, platform);
    expect(here.keychain.obstacle()).toBe(obstacle);
    await state();
    await service['vault.unlock'](testSecret);
    expect(await here['keychain.show'](undefined)).toMatchObject({ obstacle, slots: [] });
    const turning = here['keychain.turnOn']({ passphrase: testSecret.passphrase });
    if (obstacle === null) {
      await turning;
      expect(here.keychain.slots).toHaveLength(1);
    } else {
      await expect(turning).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE', params: { reason: obstacle } });
      expect(here.keychain.slots).toEqual([]);
      expect(await here['keychain.show'](undefined)).toMatchObject({ slots: [] });
    }
  });

  it('takes a damaged or foreign file for an empty one', () => {
    for (const text of ['', '{', '[]', '{"slots": 7}', '{"slots": [null, 7, {"slot": 1}]}']) {
      const at = join(folder, 'keychain.json');
      writeFileSync(at, text);
      expect(new Keychain(account(), at).slots, text).toEqual([]);
    }
  });
});

describe('opening by the keychain', () => {
  const turnedOn = async (storage = account()) => {
    const here = computer(storage);
    await state();
    await service['vault.unlock'](testSecret);
    await here['keychain.turnOn']({ passphrase: testSecret.passphrase });
    return here;
  };
  const lock = async () => {
    latest = await service['vault.lock'](undefined);
    return latest;
  };

  it('needs no passphrase after it was turned on, and does again after it was turned off', async () => {
    const here = await turnedOn();
    expect(statSync(stored).mode & 0o777).toBe(0o600);
    expect(await here['keychain.show'](undefined)).toMatchObject({
      obstacle: null,
      slots: [{ computer: hostname(), here: 'yes' }],
    });
    expect(await lock()).toMatchObject({ state: 'locked', keychain: true });
    // the window's next start: the slots are read from the file again
    const again = computer(account(), stored);
    expect(again.keychain.mayOpen(file)).toBe(true);
    expect(await service['vault.use']({ file, held: again.keychain.slots })).toMatchObject({ keychain: true });
    expect(await here['vault.unlockByKeychain']({ operator: 'Ben' })).toMatchObject({ state: 'unlocked', operator: 'Ben' });
    const [slot] = (await here['keychain.show'](undefined)).slots;
    await here['keychain.turnOff']({ slot: slot?.slot ?? '' });
    expect(await lock()).toMatchObject({ state: 'locked', keychain: false });
    expect(here.keychain.slots).toEqual([]);
    await expect(here['vault.unlockByKeychain']({ operator: 'Ben' })).rejects.toMatchObject({ code: 'KEYCHAIN_LOST' });
    expect(await service['vault.unlock'](testSecret)).toMatchObject({ state: 'unlocked' });
  });

  it('a wrong passphrase turns nothing on and leaves nothing behind', async () => {
    const here = computer(account());
    await state();
    await service['vault.unlock'](testSecret);
    await expect(here['keychain.turnOn']({ passphrase: 'not this one at all' })).rejects.toMatchObject({
      code: 'PASSPHRASE_WRONG',
    });
    expect(here.keychain.slots).toEqual([]);
    expect(readFileSync(stored, 'utf8')).not.toContain('sealed');
    expect(await here['keychain.show'](undefined)).toMatchObject({ slots: [] });
  });

  it('turned on twice leaves one slot, and the other key is forgotten', async () => {
    const here = await turnedOn();
    const [first] = here.keychain.slots;
    await here['keychain.turnOn']({ passphrase: testSecret.passphrase });
    expect(here.keychain.slots).toHaveLength(1);
    expect(here.keychain.slots).not.toContain(first);
    expect((await here['keychain.show'](undefined)).slots).toHaveLength(1);
    await lock();
    expect(await here['vault.unlockByKeychain']({ operator: 'Ben' })).toMatchObject({ state: 'unlocked' });
  });

  it('another account with the same files does not open it, says so, and can end the slot', async () => {
    await turnedOn();
    await lock();
    const stranger = computer(account());
    await service['keychain.held']({ slots: stranger.keychain.slots });
    await expect(stranger['vault.unlockByKeychain']({ operator: 'Eve' })).rejects.toMatchObject({ code: 'KEYCHAIN_LOST' });
    await service['vault.unlock'](testSecret);
    const { slots } = await stranger['keychain.show'](undefined);
    expect(slots).toMatchObject([{ here: 'lost' }]);
    await stranger['keychain.turnOff']({ slot: slots[0]?.slot ?? '' });
    expect(await stranger['keychain.show'](undefined)).toMatchObject({ slots: [] });
  });

  it('a computer that has only the vault asks for the passphrase, and shows whose slot it is', async () => {
    await turnedOn();
    await lock();
    const elsewhere = computer(account(), join(folder, 'elsewhere', 'keychain.json'));
    expect(await service['vault.use']({ file, held: elsewhere.keychain.slots })).toMatchObject({ keychain: false });
    await service['vault.unlock'](testSecret);
    // the same name and no key: it was made here, and is lost
    expect((await elsewhere['keychain.show'](undefined)).slots).toMatchObject([{ here: 'lost' }]);
  });

  it('while the keyring does not run the slot is unusable, not lost', async () => {
    let running = true;
    const here = await turnedOn(account({ isEncryptionAvailable: () => running }));
    running = false;
    expect(await here['keychain.show'](undefined)).toMatchObject({ obstacle: 'none', slots: [{ here: 'unusable' }] });
    await lock();
    await expect(here['vault.unlockByKeychain']({ operator: 'Ben' })).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE' });
    running = true;
    expect(await here['vault.unlockByKeychain']({ operator: 'Ben' })).toMatchObject({ state: 'unlocked' });
  });

  it('goes on after the passphrase was changed here; ended elsewhere, the key is forgotten', async () => {
    const here = await turnedOn();
    await here['passphrase.change']({ old: testSecret.passphrase, next: 'a longer new passphrase' });
    await lock();
    expect(await here['vault.unlockByKeychain']({ operator: 'Ben' })).toMatchObject({ state: 'unlocked' });
    await lock();
    // the same on another computer, whose slot is not this one
    const elsewhere = Vault.open(file, { kdfCost: testKdfCost });
    const session = await elsewhere.unlock('a longer new passphrase', 'Eva');
    removeAllKeychains(session);
    elsewhere.close();
    await expect(here['vault.unlockByKeychain']({ operator: 'Ben' })).rejects.toMatchObject({ code: 'KEYCHAIN_ENDED' });
    expect(here.keychain.slots).toEqual([]);
  });

  it('no answer to a page holds the key, and no file holds it in the clear', async () => {
    const keys: string[] = [];
    const storage = account();
    const here = computer({
      ...storage,
      encryptString: (text) => {
        keys.push(text);
        return storage.encryptString(text);
      },
    });
    await state();
    await service['vault.unlock'](testSecret);
    const answers: unknown[] = [await here['keychain.turnOn']({ passphrase: testSecret.passphrase })];
    answers.push(await here['keychain.show'](undefined), await lock());
    answers.push(await here['vault.unlockByKeychain']({ operator: 'Ben' }), latest);
    const [key = ''] = keys;
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    const told = JSON.stringify(answers);
    const files = readFileSync(stored, 'latin1');
    for (const form of [key, Buffer.from(key, 'base64').toString('hex')]) {
      expect(told).not.toContain(form);
      expect(files).not.toContain(form);
    }
    await service['vault.close']();
    expect(readFileSync(file).includes(Buffer.from(key, 'base64'))).toBe(false);
  });
});
