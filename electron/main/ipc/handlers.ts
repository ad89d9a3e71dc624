import { writeFile } from 'node:fs/promises';
import { clipboard, dialog } from 'electron';
import type { EventName } from '../../../shared/bridge.ts';
import type { CallOutput, EventPayload, ParsedInput } from '../../../shared/contract.ts';
import { FieldkeyError } from '../../../shared/errors.ts';
import { inventoryName } from '../../../shared/model/inventory.ts';
import type { VaultState } from '../../../shared/model/vault.ts';
import type { AutoLock } from '../auto-lock.ts';
import type { Keychain } from '../keychain.ts';
import type { LocalBroker } from '../local-broker.ts';
import type { PracticeFolders } from '../practice-folder.ts';
import type { SettingsStore } from '../settings.ts';
import type { StartSnapshot } from '../start-snapshot.ts';
import type { VaultCallName } from '../vault-service.ts';
import type { VaultCalls } from '../vault-turns.ts';
import type { Handlers } from './answer-calls.ts';
import { createCheckHandlers } from './check-handlers.ts';
import { createDoctorHandlers } from './doctor-handlers.ts';
import { createKeychainHandlers } from './keychain-handlers.ts';
import { createLogHandlers } from './log-handlers.ts';
import { createMediaHandlers } from './media-handlers.ts';
import { createPracticeHandlers, type PracticeParts } from './practice-handlers.ts';
import { createProofHandlers } from './proof-handlers.ts';
import { createRecordingHandlers } from './recording-handlers.ts';
import { createSafetyHandlers } from './safety-handlers.ts';
import { createSimulationHandlers } from './simulation-handlers.ts';
import { type Measures, Speakers } from './speakers.ts';
import { createTesterHandlers } from './tester-handlers.ts';

export interface HandlerParts {
  readonly host: VaultCalls;
  readonly settings: SettingsStore;
  readonly autoLock: AutoLock;
  readonly keychain: Keychain;
  /** The vault file that is in use, and how to change it. */
  readonly vault: {
    readonly file: () => string;
    readonly use: (file: string) => Promise<VaultState>;
    /** Ends what has its keys from the vault in use, because it is left. */
    readonly leave: () => Promise<void>;
    /** Calls of the vault that is in use now, and of no other. */
    readonly bound: () => VaultCalls;
    readonly opened: () => Promise<VaultState>;
    /** The latest state; null before the vault's thread has answered. */
    readonly state: () => VaultState | null;
    /** Runs before another vault is turned to. */
    readonly onLeaving: (end: () => Promise<void>) => void;
    /** Runs when it is locked, left, or the program ends. */
    readonly onClosing: (end: (ended: 'locked' | 'closed') => Promise<void>) => void;
  };
  readonly folders: PracticeFolders;
  readonly practising: PracticeParts['practising'];
  /** Whose name stands in a practice vault. */
  readonly operator: () => string;
  readonly onBroker: (broker: LocalBroker) => void;
  readonly changed: (state: VaultState) => VaultState;
  readonly settingsChanged: () => void;
  /** Everything that the first paint needs; main has it before these handlers are loaded. */
  readonly snapshot: (state: VaultState) => StartSnapshot;
  readonly tell: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  /** Runs when the page is gone that asked for things to be watched. */
  readonly onPageGone: (stop: () => void) => void;
}

const vaultFilter = { name: 'Fieldkey', extensions: ['fieldkey'] };

/** The handler table. What the vault answers goes to its thread as it is. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { host, settings, autoLock, vault, changed, settingsChanged, tell } = parts;
  const { stop, ...media } = createMediaHandlers({ host, tell });
  const { bound } = vault;
  const unlocked = () => vault.state()?.state === 'unlocked';
  // the load test needs the tester's handlers, and they need to know of the load test
  const observerMeasures: Measures = (at) => measures(at);
  const { endConnections, endObservers, closeOwn, testerHost, ...tester } = createTesterHandlers({
    host,
    tell,
    unlocked,
    measures: observerMeasures,
  });
  const speakers = new Speakers(testerHost);
  const { stopDoctor, ...doctor } = createDoctorHandlers({ bound, tester: testerHost, speakers, measures: observerMeasures });
  const { stopProofs, ...proof } = createProofHandlers({ bound, tester: testerHost, speakers, measures: observerMeasures });
  const { cancelChecks, ...checks } = createCheckHandlers({
    bound,
    tester: testerHost,
    tell,
    speakers,
    measures: observerMeasures,
  });
  const recordings = createRecordingHandlers({ host, tester: testerHost, tell });
  const { closeRecordings, cancelRecordingJob, ...recording } = recordings;
  const { endSimulation, measures, ...simulation } = createSimulationHandlers({ host, bound, tell, endObservers });
  const { stop: stopLog, ...log } = createLogHandlers({ tell });
  parts.onPageGone(stop);
  parts.onPageGone(stopLog);
  parts.vault.onLeaving(endConnections);
  parts.vault.onLeaving(endSimulation);
  parts.vault.onClosing(closeRecordings);
  parts.vault.onClosing(closeOwn);
  parts.vault.onClosing(cancelChecks);
  parts.vault.onClosing(stopDoctor);
  parts.vault.onClosing(stopProofs);
  return {
    'app.start': async () => parts.snapshot(await vault.opened()),
    'settings.change': (part) => {
      const next = settings.change(part);
      settingsChanged();
      return next;
    },
    'vault.create': async (input) => {
      const state = await host.call('vault.create', input);
      settings.remember(vault.file());
      return changed(state);
    },
    'vault.unlock': async (input) => changed(await host.call('vault.unlock', input)),
    // nobody knows the passphrase of a throw-away vault: locking it is leaving it
    'vault.lock': async () =>
      changed(parts.practising.get() ? await vault.use(vault.file()) : await host.call('vault.lock', undefined)),
    'vault.choose': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog({
        properties: ['openFile'],
        filters: [vaultFilter, { name: '*', extensions: ['*'] }],
      });
      const file = filePaths[0];
      return canceled || !file ? null : changed(await vault.use(file));
    },
    'vault.createAt': async () => {
      const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: vault.file(), filters: [vaultFilter] });
      return canceled || !filePath ? null : changed(await vault.use(filePath));
    },
    'vault.saveCopy': async () => {
      const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: vault.file(), filters: [vaultFilter] });
      if (canceled || !filePath) return null;
      await host.call('vault.saveCopyTo', { file: filePath });
      return changed(await vault.use(filePath));
    },
    'import.choose': async ({ what }) => {
      const { canceled, filePaths } = await dialog.showOpenDialog({
        properties: [what === 'folder' ? 'openDirectory' : 'openFile'],
      });
      const path = filePaths[0];
      return canceled || !path ? null : { path };
    },
    'clock.confirm': async () => changed(await host.call('clock.confirm', undefined)),
    ...vaultAnswers(host),
    'job.cancel': async (input) => ((await cancelRecordingJob(input.jobId)) ? {} : host.call('job.cancel', input)),
    ...media,
    ...tester,
    ...doctor,
    ...proof,
    ...recording,
    ...simulation,
    ...checks,
    ...log,
    ...createPracticeHandlers({ ...parts, ...parts.vault }),
    ...createKeychainHandlers({ host, keychain: parts.keychain, vaultFile: vault.file, vaultState: vault.state, changed }),
    ...createSafetyHandlers({ host, vaultFile: vault.file, changed, remember: (file) => settings.remember(file) }),
    'audit.export': async ({ format, ...filter }) => {
      const { canceled, filePath } = await dialog.showSaveDialog({
        defaultPath: `fieldkey-audit.${format}`,
        filters: [{ name: format.toUpperCase(), extensions: [format] }],
      });
      return canceled || !filePath ? null : host.call('audit.exportTo', { filter, file: filePath, format });
    },
    'inventory.write': async (input) => {
      const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: inventoryName[input.format] });
      return canceled || !filePath ? null : host.call('inventory.writeTo', { ...input, file: filePath });
    },
    'document.print': async ({ name, document }) => {
      const { canceled, filePath } = await dialog.showSaveDialog({
        defaultPath: `${name}.pdf`,
        filters: [{ name: 'PDF', extensions: ['pdf'] }],
      });
      if (canceled || !filePath) return null;
      const { printToFile } = await import('../print.ts');
      return printToFile(document, filePath);
    },
    'clipboard.write': ({ text }) => {
      clipboard.writeText(text);
      return {};
    },
    'text.save': ({ name, text }) => saveAs(name, text),
    'image.save': ({ name, png }) => saveAs(name, png),
    activity: () => {
      autoLock.touch();
      return {};
    },
  };
}

/** Asks for a place and writes; null = cancelled. @throws EXPORT_NOT_WRITABLE */
async function saveAs(name: string, content: string | Uint8Array): Promise<{ file: string } | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: name });
  if (canceled || !filePath) return null;
  try {
    await writeFile(filePath, content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory: filePath, reason }, error);
  }
  return { file: filePath };
}

/** What the vault's thread answers goes there as it is, and comes back as it is. */
const fromVault = [
  'vault.copies',
  'audit.list',
  'audit.operators',
  'audit.verify',
  'audit.report',
  'safety.show',
  'shares.make',
  'shares.drill',
  'project.list',
  'project.overview',
  'project.provision',
  'draft.load',
  'draft.save',
  'job.cancel',
  'broker.change',
  'access.change',
  'crl.publish',
  'device.add',
  'device.list',
  'device.show',
  'device.replace',
  'device.issueTest',
  'certificate.show',
  'certificate.renew',
  'certificate.revoke',
  'certificate.release',
  'certificate.revokeMany',
  'certificate.releaseMany',
  'certificate.lint',
  'certificate.shared',
  'certificate.share',
  'certificate.unshare',
  'password.show',
  'password.make',
  'password.finish',
  'crl.history',
  'broker.renew',
  'broker.request',
  'broker.reviewAnswer',
  'broker.takeAnswer',
  'broker.reviewRequest',
  'broker.signRequest',
  'broker.own',
  'observer.renew',
  'connection.list',
  'connection.files',
  'connection.put',
  'connection.remove',
  'connection.export',
  'connection.review',
  'connection.import',
  'proof.latest',
  'check.list',
  'check.save',
  'check.remove',
  'check.order',
  'check.export',
  'check.import',
  'check.latest',
  'check.report',
  'doctor.kept',
  'doctor.report',
  'payload.list',
  'payload.save',
  'payload.remove',
  'simulation.plan',
  'checklist.show',
  'checklist.confirm',
  'authority.list',
  'authority.request',
  'authority.reviewAnswer',
  'authority.takeAnswer',
  'authority.createSite',
  'authority.renew',
  'authority.takeOffline',
  'authority.retire',
  'authority.issuers',
  'authority.rehearse',
  'authority.replace',
  'authority.finish',
  'authority.reissue',
  'due.list',
  'rotation.show',
  'rotation.change',
  'rotation.scan',
  'request.review',
  'request.sign',
  'import.review',
  'import.run',
  'files.inspect',
  'export.measure',
  'export.state',
  'export.rekey',
  'preview.broker',
  'preview.device',
  'log.devices',
] as const satisfies readonly VaultCallName[];

type FromVault = (typeof fromVault)[number];

function vaultAnswers(host: VaultCalls): Pick<Handlers, FromVault> {
  // of each name the answer is that of the same name: a union of names cannot tell the compiler so
  const answer = (name: FromVault) => (input: ParsedInput<FromVault>) =>
    host.call(name, input as never) as Promise<CallOutput<FromVault>>;
  return Object.fromEntries(fromVault.map((name) => [name, answer(name)])) as unknown as Pick<Handlers, FromVault>;
}
