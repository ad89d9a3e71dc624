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
  'project.list',
  'project.overview',
  'device.list',
  'device.show',
  'certificate.show',
  'audit.verify',
  'clipboard.write',
  'activity',
] as const;
export type CallName = (typeof callNames)[number];

export const eventNames = ['vault.changed', 'settings.changed', 'project.changed', 'job.progress'] as const;
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
