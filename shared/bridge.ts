/**
 * The names that may cross the bridge. The preload knows only these (no schemas: it stays small), the contract must
 * define each of them (a name missing there does not compile).
 */
export const callNames = [
  'app.start',
  'settings.change',
  'vault.create',
  'vault.unlock',
  'vault.lock',
  'vault.choose',
  'vault.createAt',
  'vault.copies',
  'vault.restore',
  'vault.saveCopy',
  'clock.confirm',
  'audit.list',
  'audit.operators',
  'audit.verify',
  'audit.export',
  'audit.report',
  'document.print',
  'clipboard.write',
  'text.save',
  'activity',
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
  'certificate.show',
  'certificate.renew',
  'certificate.revoke',
  'certificate.release',
  'certificate.revokeMany',
  'certificate.releaseMany',
  'certificate.lint',
  'crl.history',
  'broker.renew',
  'observer.renew',
  'authority.list',
  'authority.createSite',
  'authority.renew',
  'authority.takeOffline',
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
  'media.watch',
  'media.unwatch',
  'media.choose',
  'media.eject',
  'export.measure',
  'export.run',
  'export.state',
  'export.rekey',
  'preview.broker',
  'preview.device',
  'tester.list',
  'tester.connect',
  'tester.disconnect',
  'tester.subscribe',
  'tester.unsubscribe',
  'tester.publish',
  'tester.taken',
] as const;
export type CallName = (typeof callNames)[number];

export const eventNames = [
  'vault.changed',
  'settings.changed',
  'project.changed',
  'job.progress',
  'job.paused',
  'media.changed',
  'tester.state',
  'tester.messages',
] as const;
export type EventName = (typeof eventNames)[number];

/** The IPC channel of all calls: `invoke(channel, name, input)`. */
export const callChannel = 'fieldkey:call';
export const eventChannel = 'fieldkey:event';

/** What the preload puts on `window.fieldkey`. The typed client over it is renderer/src/bridge. */
export interface Bridge {
  call(name: CallName, input: unknown): Promise<unknown>;
  /** Gives the function that ends the subscription. */
  on(name: EventName, listener: (payload: unknown) => void): () => void;
}
